import type { CommandRow, OptionRow } from './command-row.ts';

const backends = ['keychain', 'file', 'pass'] as const;
const dryRun: OptionRow = { long: 'dry-run', summary: 'show what would change, and change nothing' };

/** The verbs that move access keys into the vault, and between backends. */
export const movingCommands: readonly CommandRow[] = [
  {
    name: 'import',
    summary: 'move access keys into the vault',
    details:
      'Without options, it looks in the AWS files and in the aws-vault stores, shows which keys it found where, ' +
      'and asks about each. Every key is stored, read back and compared. Then it asks again, and removes the ' +
      'keys from the AWS files; other lines, including section headers, stay as they are. The exit status is 0 ' +
      'if every key was imported and 12 if only some were. If none was, it is 1 or that of the first failure, ' +
      'such as 5.',
    group: 'Credentials',
    codingAgents: [{ mayNot: 'import keys' }],
    arguments: [
      { name: 'PROFILE', repeats: true, completes: 'profile', summary: 'only the keys of these profiles' },
    ],
    options: [
      { long: 'all', summary: 'import every key found, without asking' },
      dryRun,
      { long: 'keep', summary: 'leave the keys in the AWS files' },
      { long: 'yes', short: 'y', summary: 'remove the keys from the AWS files without asking' },
      { long: 'overwrite', summary: 'replace a different key already stored for the same profile' },
      { long: 'no-add-config', summary: 'do not change the AWS config file' },
      {
        long: 'csv',
        value: 'FILE',
        asks: true,
        completes: 'file',
        summary: 'from a CSV file downloaded from the AWS console',
      },
      { long: 'aws-vault', summary: 'from aws-vault with any backend, by running aws-vault' },
      { long: 'aws-vault-file', summary: "from aws-vault's file backend, without running aws-vault" },
      { long: 'aws-vault-keyring', summary: "from aws-vault's keyring in the Secret Service" },
      { long: 'aws-vault-pass', summary: "from aws-vault's entries in a password store" },
      {
        long: 'dir',
        value: 'DIR',
        completes: 'directory',
        summary: 'with --aws-vault-file: the folder, if not ~/.awsvault/keys',
      },
    ],
    example: 'awsh import --all',
  },
  {
    name: 'migrate-backend',
    summary: 'copy stored access keys from one backend to another',
    details:
      'Each key is read back from the new backend and compared. Sessions are not copied; awsh gets new ones. ' +
      'The exit status is 0 if every key was copied, 12 if only some were, and another one if none was.',
    group: 'Credentials',
    codingAgents: [{ mayNot: 'change the vault' }],
    options: [
      { long: 'from', value: 'BACKEND', choices: backends, summary: 'the backend to copy from' },
      { long: 'to', value: 'BACKEND', choices: backends, summary: 'the backend to copy to' },
      { long: 'profile', value: 'PROFILE', completes: 'stored-profile', summary: "only this profile's key" },
      dryRun,
      { long: 'overwrite', summary: 'replace keys of the same name in the new backend' },
      { long: 'delete-source', summary: 'delete the keys from the old backend, without asking' },
    ],
    example: 'awsh migrate-backend --from file --to keychain',
  },
];
