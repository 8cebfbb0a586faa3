import { type Finding, note, ok, problem } from '../finding.ts';
import type { Check } from '../scene.ts';
import { numberOf } from '../shown.ts';

/** The backend in use, the reason for it, and whether it can be read. */
export const backend: Check = {
  name: 'backend',
  async run({ backend: examine, environment }): Promise<Finding[]> {
    const { name, why, fault, elsewhere } = await examine();
    const findings: Finding[] = [
      fault === null
        ? ok(`secrets are kept in ${backendWords[name]}: ${why}`)
        : problem(fault.what, fault.why ?? `${why}: ${name}`, fault.next ?? null),
    ];
    for (const other of elsewhere) {
      findings.push(
        note(
          `${numberOf(other.keys, 'access key')} in the backend ${other.name}, which is not in use`,
          `the backend is ${name}: ${why}`,
          `awsh migrate-backend --from ${other.name} --to ${name}`,
        ),
      );
    }
    if (environment.AWSH_FILE_PASSPHRASE || environment.AWS_VAULT_FILE_PASSPHRASE) {
      const variable = environment.AWSH_FILE_PASSPHRASE
        ? 'AWSH_FILE_PASSPHRASE'
        : 'AWS_VAULT_FILE_PASSPHRASE';
      const reads = 'every program that you start can read it';
      findings.push(note(`the passphrase of the vault is in ${variable}`, reads, `unset ${variable}`));
    }
    return findings;
  },
};

const backendWords = {
  keychain: 'the keychain',
  file: 'encrypted files',
  pass: 'the password store of pass',
} as const;
