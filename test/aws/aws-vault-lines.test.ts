import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { awsVaultRows, ourLine } from '../support/aws-vault-rows.ts';
import { type Answer, runInstalled } from '../support/run-awsh.ts';
import { packageFolder, sandboxEnvironment, storeKey } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** A pass that keeps plain files: only how it is called matters here. */
const plainPass = `#!/bin/sh
for path do :; done
file=$PASSWORD_STORE_DIR/$path
case $1 in
  insert) mkdir -p "\${file%/*}" && cat >"$file" ;;
  show) cat "$file" 2>/dev/null || { echo "Error: $path is not in the password store." >&2; exit 1; } ;;
  rm) rm -f "$file" ;;
esac
`;

let sandbox: Sandbox;
let environment: Record<string, string>;

beforeAll(async () => {
  const home = temporaryHome({ keep: true });
  sandbox = await createSandbox(join(home.path, 'home'));
  await storeKey(sandbox);
  const { AWSH_FILE_PASSPHRASE: PASSPHRASE = '', ...rest } = sandboxEnvironment(sandbox);
  environment = { ...rest, AWSH_AGENT: 'off', PASSPHRASE };
  home.write('home/bin/pass', plainPass, 0o755);
  const config = readFileSync(join(sandbox.home, '.aws/config'), 'utf8');
  const [staging = ''] = /\[profile staging\][^[]*/.exec(config) ?? [];
  home.write('home/.aws/config', `${config}\n${staging.replace('profile staging', 'profile prod-mfa')}`);
});

afterAll(async () => {
  await sandbox.close();
  rmSync(dirname(sandbox.home), { recursive: true, force: true });
});

/** Runs a line as it is written: variables first, then the program, whichever name it has. */
async function runLine(line: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const written = line
    .replaceAll('HOME', sandbox.home)
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
  const args = words.slice(at + 1);
  return await runInstalled(args, { ...rest, ...passphrase, ...more, ...variables });
}

/** Says in a line of its own where a session's end is about half an hour away. */
function withTimeLeft(out: string): string {
  const [, end = ''] = /^AWS_CREDENTIAL_EXPIRATION=(.*)$/m.exec(out) ?? [];
  const minutes = (Date.parse(end) - Date.now()) / 60_000;
  return minutes > 25 && minutes < 31 ? `${out}HALF AN HOUR\n` : out;
}

describe('somebody who leaves aws-vault changes the name of the program in', () => {
  it.each(awsVaultRows.map((row) => [ourLine(row), row] as const))('%s', async (ours, row) => {
    const lines = new Set([ours, ...(row.ours?.startsWith('AWSH_') ? [row.theirs] : [])]);
    for (const line of lines) {
      for (const first of row.before ?? []) await runLine(`awsh ${first}`, row.environment);
      const { status, out, err } = await runLine(line, row.environment);
      const shown = withTimeLeft(out);
      expect(err, line).toMatch(row.err ?? /^/);
      expect(status, `${line}: ${err}`).toBe(row.status ?? 0);
      expect(shown, line).toMatch(row.out ?? /^/);
      if (row.notOut) expect(shown, line).not.toMatch(row.notOut);
    }
  });
});

it('docs/aws-vault.md lists these lines, and no others', () => {
  const page = readFileSync(join(packageFolder, 'docs/aws-vault.md'), 'utf8');
  const listed = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(listed).toEqual(
    awsVaultRows.map((row) => `| \`${row.theirs}\` | \`${ourLine(row)}\` | ${row.note ?? 'the same'} |`),
  );
});
