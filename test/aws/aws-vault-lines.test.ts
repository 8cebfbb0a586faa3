import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MfaDevice } from '../../src/demo/emulator/totp.ts';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { type AwsVaultRow, awsVaultRows, ourLine, twinLine } from '../support/aws-vault-rows.ts';
import { type Answer, runInstalled } from '../support/run-awsh.ts';
import { packageFolder, sandboxEnvironment, storeKey, useFewRounds } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openTerminal, plainText } from '../support/terminal.ts';

/** A pass that keeps plain files, because only its command line matters here. */
const plainPass = `#!/bin/sh
for path do :; done
file=$PASSWORD_STORE_DIR/$path
touch "$HOME/\${0##*/}-was-here"
case $1 in
  insert) mkdir -p "\${file%/*}" && cat >"$file" ;;
  show) cat "$file" 2>/dev/null || { echo "Error: $path is not in the password store." >&2; exit 1; } ;;
  rm) rm -f "$file" ;;
esac
`;

/** An aws-vault without keys, which writes to a file which keyring it was asked for. */
const askedAwsVault = `#!/bin/sh
cd "\${0%/bin/*}" && touch "keychain-$AWS_VAULT_KEYCHAIN_NAME" "collection-$AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME"
`;

let sandbox: Sandbox;
let environment: Record<string, string>;
let launcher: string;

beforeAll(async () => {
  const home = temporaryHome({ keep: true });
  sandbox = await createSandbox(join(home.path, 'home'));
  await storeKey(sandbox);
  launcher = join(await useFewRounds(sandbox), 'bin/awsh');
  const { AWSH_FILE_PASSPHRASE: PASSPHRASE = '', ...rest } = sandboxEnvironment(sandbox);
  environment = { ...rest, AWSH_AGENT: 'off', PASSPHRASE };
  home.write('home/bin/pass', plainPass, 0o755);
  home.write('home/bin/other-pass', plainPass, 0o755);
  home.write('home/bin/opener', '#!/bin/sh\n', 0o755);
  home.write('home/bin/ykman', '#!/bin/sh\necho "ykman $*" >&2\ncat "$HOME/mfa-code"\n', 0o755);
  home.write('home/my-command', '#!/bin/sh\nexec env\n', 0o755);
  home.write('home/bin/aws-vault', askedAwsVault, 0o755);
  home.write('home/other-config', '[profile elsewhere]\n');
  environment.PATH = `${home.path}/home/bin:${environment.PATH}`;
  const config = readFileSync(join(sandbox.home, '.aws/config'), 'utf8');
  const [staging = ''] = /\[profile staging\][^[]*/.exec(config) ?? [];
  const withMfa = staging.replace('profile staging', 'profile prod-mfa');
  home.write('home/.aws/config', `${config}\n${withMfa}\n`);
});

afterAll(async () => {
  await sandbox.close();
  rmSync(dirname(sandbox.home), { recursive: true, force: true });
});

/** Runs a line as it is written: variables first, then the program, under either name. */
async function runLine(line: string, row: Pick<AwsVaultRow, 'environment' | 'atTerminal'>): Promise<Answer> {
  renewMfaDevice();
  const inHome = (text: string) => text.replaceAll('HOME', sandbox.home);
  const written = inHome(line)
    .replaceAll(
      'PASSPHRASE=PASSPHRASE',
      () => `PASSPHRASE=${environment.PASSPHRASE?.replaceAll(' ', '\u00a0')}`,
    )
    .replace(/\bCODE\b/, () => sandbox.mfaCode());
  const words = written.split(' ').map((word) => word.replaceAll('\u00a0', ' '));
  const at = words.findIndex((word) => word === 'aws-vault' || word === 'awsh');
  const variables = Object.fromEntries(
    words.slice(0, at).map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  );
  const { PASSPHRASE = '', ...rest } = environment;
  const named = Object.keys(variables).some((name) => name.endsWith('FILE_PASSPHRASE'));
  const passphrase = named ? {} : { AWSH_FILE_PASSPHRASE: PASSPHRASE };
  const more = Object.entries(row.environment ?? {}).map(([name, value]) => [name, inHome(value)]);
  const given = { ...rest, ...passphrase, ...Object.fromEntries(more), ...variables };
  const args = words.slice(at + 1);
  return await (row.atTerminal ? runAtTerminal(args, given) : runInstalled(args, given, '', launcher));
}

async function runAtTerminal(args: string[], variables: Record<string, string>): Promise<Answer> {
  const terminal = await openTerminal(launcher, args, { environment: variables });
  const { status } = await terminal.exited;
  return { status, out: plainText(terminal.received), err: '' };
}

/**
 * AWS accepts each code only once. The emulator forgets used codes, so that the next row need not
 * wait.
 */
function renewMfaDevice(): void {
  const [user] = sandbox.emulator.cloud.users;
  if (user?.mfa)
    Object.assign(user, { mfa: new MfaDevice(user.mfa.serial, user.mfa.seed, user.mfa.enabledAt) });
}

/** The calls to AWS since the last look, one a line, followed by their parameters. */
function callsSince(begin: number): string {
  const calls = sandbox.emulator.calls.slice(begin);
  const words = calls.map(({ action, params }) => [
    action,
    ...Object.entries(params)
      .filter(([name]) => !/^(Action|Version|Policy|Session|Destination|SigninToken|Issuer)$/.test(name))
      .map(([name, value]) => `${name}=${value}`),
  ]);
  return words.map((call) => call.join(' ')).join('\n');
}

/** Prints a line if a session ends in about half an hour. */
function withTimeLeft(out: string): string {
  const [, end = ''] = /^AWS_CREDENTIAL_EXPIRATION=(.*)$/m.exec(out) ?? [];
  const minutes = (Date.parse(end) - Date.now()) / 60_000;
  return minutes > 25 && minutes < 31 ? `${out}HALF AN HOUR\n` : out;
}

describe('a user of aws-vault only has to change the program’s name in', () => {
  it.each(awsVaultRows.map((row) => [ourLine(row), row] as const))('%s', async (ours, row) => {
    for (const line of [ours, twinLine(row)].filter((each) => each !== null)) {
      for (const first of row.before ?? []) await runLine(`awsh ${first}`, row);
      if (row.writes) rmSync(join(sandbox.home, row.writes), { recursive: true, force: true });
      const begin = sandbox.emulator.calls.length;
      const { status, out, err } = await runLine(line, row);
      const shown = withTimeLeft(out);
      expect(err, line).toMatch(row.err ?? /^/);
      if (row.notErr) expect(err, line).not.toMatch(row.notErr);
      expect(status, `${line}: ${err}`).toBe(row.status ?? 0);
      expect(shown, line).toMatch(row.out ?? /^/);
      if (row.notOut) expect(shown, line).not.toMatch(row.notOut);
      if (row.writes) expect(existsSync(join(sandbox.home, row.writes)), line).toBe(true);
      expect(callsSince(begin), line).toMatch(row.calls ?? /^/);
    }
  });
});

it('docs/aws-vault.md lists these lines, and no others', () => {
  const page = readFileSync(join(packageFolder, 'docs/aws-vault.md'), 'utf8');
  const [table = ''] = page.split('\n\n').filter((part) => part.startsWith('| aws-vault | awsh |'));
  const listed = table.split('\n').filter((line) => line.startsWith('| `'));
  expect(listed).toEqual(
    awsVaultRows.map((row) => `| \`${row.theirs}\` | \`${ourLine(row)}\` | ${row.note ?? 'the same'} |`),
  );
});
