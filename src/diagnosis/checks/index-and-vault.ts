import { operandWord } from '../../system/index.ts';
import { type Finding, note, problem } from '../finding.ts';
import type { Check } from '../scene.ts';
import { numberOf, someOf } from '../shown.ts';

/**
 * Whether the index and the backend list the same keys, as far as can be checked without reading
 * one.
 */
export const indexAndVault: Check = {
  name: 'index',
  async run({ backend }): Promise<Finding[]> {
    const { name, missing, unknownKeys, indexIsDamaged } = await backend();
    const findings: Finding[] = [];
    if (indexIsDamaged) {
      const why = 'awsh finds no stored key until the index is rebuilt; no key is lost';
      findings.push(problem('the index of stored keys is damaged', why, 'awsh unlock'));
    } else if (unknownKeys > 0) {
      const what = `${numberOf(unknownKeys, 'access key')} in the backend ${name} that the index does not know`;
      findings.push(
        note(what, 'the index was lost, or another machine’s files were put here', 'awsh unlock'),
      );
    }
    if (missing.length > 0) {
      const what = `the index names keys that are not in the backend ${name}: ${someOf(missing)}`;
      const why =
        'another program removed them, or the backend now uses another location; remove the entry, or store the key again with awsh add';
      findings.push(problem(what, why, `awsh remove ${operandWord(missing[0] ?? '')}`));
    }
    return findings;
  },
};
