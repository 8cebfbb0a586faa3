import { printable } from '../../system/index.ts';
import { note } from '../finding.ts';
import type { Check } from '../scene.ts';

/** A shell inside exec of awsh or aws-vault: directories do not change it. */
export const nestedSession: Check = {
  name: 'nested-session',
  run({ environment }) {
    if (!environment.AWS_VAULT) return [];
    const who = printable(environment.AWS_VAULT.slice(0, 100));
    const why =
      'awsh exec or aws-vault started it: it keeps that profile in every directory until you leave it or run awsh use --auto';
    return [note(`this shell was started as ${who}`, why, 'exit')];
  },
};
