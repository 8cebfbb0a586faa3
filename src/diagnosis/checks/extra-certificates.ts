import { existsSync } from 'node:fs';
import { printablePath } from '../../system/index.ts';
import { note } from '../finding.ts';
import type { Check } from '../scene.ts';
import { managerOf } from './node.ts';

const install: Readonly<Record<string, string>> = {
  nvm: 'nvm install 22',
  fnm: 'fnm install 22',
  asdf: 'asdf install nodejs latest:22',
  mise: 'mise use --global node@22',
  Volta: 'volta install node@22',
};

/**
 * NODE_EXTRA_CA_CERTS: Node 20 reads it at each start, which then takes up to three times as long;
 * Node 22 only when it connects.
 */
export const extraCertificates: Check = {
  name: 'extra-certificates',
  run({ environment, node, paths }) {
    const file = environment.NODE_EXTRA_CA_CERTS;
    if (!file) return [];
    if (!existsSync(file)) {
      const what = `NODE_EXTRA_CA_CERTS names a file that does not exist: ${printablePath(file, paths.home)}`;
      return [note(what, 'Node prints a warning about it at each start', 'unset NODE_EXTRA_CA_CERTS')];
    }
    if (!/^v?20\./.test(node.version)) return [];
    return [
      note(
        'NODE_EXTRA_CA_CERTS makes awsh slow to start with Node 20',
        'Node 20 reads the whole file at each start, and newer versions only when they connect',
        install[managerOf(node.path)?.name ?? ''] ?? 'install Node 22 or newer',
      ),
    ];
  },
};
