import type { CommandRow, OptionRow } from './command-row.ts';

const backends = ['keychain', 'file', 'pass'] as const;
const dryRun: OptionRow = { long: 'dry-run', summary: 'show what would be done, and do nothing' };

/** The verbs that move access keys into the vault, and within it. */
export const movingCommands: readonly CommandRow[] = [
  {
    name: 'import',
    summary: 'move access keys into the vault',
    details:
      'Without an option it looks at the AWS files and at the stores of aws-vault, shows what it found where, and asks about ' +
      'each. Every key is stored, read back and compared. Then it asks again, and takes the keys out of the AWS files, whose ' +
      'other lines stay as they are, the section headers as well. The exit status is 0 if every key was imported, 12 if some ' +
      'were and others were not, and another one if none was: 1, or that of the first failure, such as 5.',
    group: 'Credentials',
    arguments: [
      { name: 'PROFILE', repeats: true, completes: 'profile', summary: 'only the keys of these profiles' },
    ],
    options: [
      { long: 'all', summary: 'every key that is found, without asking' },
      dryRun,
      { long: 'keep', summary: 'leave the keys in the AWS files' },
      { long: 'yes', short: 'y', summary: 'take the keys out of the AWS files without asking' },
      { long: 'overwrite', summary: 'replace a different key that is stored for the same profile' },
      { long: 'no-add-config', summary: 'leave the AWS config file alone' },
      {
        long: 'csv',
        value: 'FILE',
        asks: true,
        completes: 'file',
        summary: 'from a file that the AWS console gave you',
      },
      { long: 'aws-vault', summary: 'from aws-vault, whatever its backend, through its program' },
      { long: 'aws-vault-file', summary: "from aws-vault's file backend, without its program" },
      { long: 'aws-vault-keyring', summary: "from aws-vault's keyring in the Secret Service" },
      { long: 'aws-vault-pass', summary: "from aws-vault's entries in a password store" },
      {
        long: 'dir',
        value: 'DIR',
        completes: 'directory',
        summary: 'with --aws-vault-file: its folder, instead of ~/.awsvault/keys',
      },
    ],
    example: 'awsh import --all',
  },
  {
    name: 'migrate-backend',
    summary: 'copy stored access keys from one backend to another',
    details:
      'Each key is read back from the new backend and compared. Sessions are not copied: they are fetched again. The exit ' +
      'status is 0 if every key was copied, 12 if some were and others were not, and another one if none was.',
    group: 'Credentials',
    options: [
      { long: 'from', value: 'BACKEND', choices: backends, summary: 'where the keys are' },
      { long: 'to', value: 'BACKEND', choices: backends, summary: 'where they are to be' },
      { long: 'profile', value: 'PROFILE', completes: 'stored-profile', summary: "only this profile's key" },
      dryRun,
      { long: 'overwrite', summary: 'replace what the new backend has under the same name' },
      { long: 'delete-source', summary: 'remove the keys from the old backend, without asking' },
    ],
    example: 'awsh migrate-backend --from file --to keychain',
  },
];
