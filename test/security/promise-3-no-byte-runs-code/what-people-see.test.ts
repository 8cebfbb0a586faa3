import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { streamOutput } from '../../../src/cli/output.ts';
import { runCommandLine } from '../../../src/entry/main.ts';
import { systemClock } from '../../../src/system/index.ts';
import { packageFolder } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/**
 * A title, a cleared screen, a colour by C1, reversed text, an overwritten line, a line separator;
 * and code.
 */
const hostile = '\x1b]0;forged\x07\x1b[2J\x9b31m\u202egnihton\u2028\x7f$(touch pwned)`touch pwned`';
/** The same in the form that a section's name can have. */
const hostileName = hostile.replaceAll(/[;\]]/g, '');
const key = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n';

/** A home in which another user has chosen every name that can be chosen. */
function hostileHome() {
  const outer = temporaryHome();
  const home = join(outer.path, `home ${hostile}`);
  const file = (name: string, text: string) => {
    mkdirSync(join(home, name, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, name), text, { mode: 0o600 });
  };
  file(
    '.aws/config',
    [
      `[default]\nregion = ${hostile}`,
      `[odd ${hostileName}]`,
      `[profile source]\nsource_profile = ${hostile}`,
      `[profile role]\nrole_arn = ${hostile}\nsource_profile = plain\nmfa_serial = ${hostile}`,
      `[profile tool]\ncredential_process = ${hostile}\nregion = eu-west-1`,
      `[profile good]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = plain\nregion = eu-west-1`,
      'duration_seconds = 43200',
      `[profile named]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = plain`,
      `region = eu-west-1\nmfa_serial = ${hostile}\nrole_session_name = ${hostile}`,
      `[profile endpoint]\nregion = eu-west-1\nendpoint_url = http://${hostile}\nsource_profile = plain`,
      `[profile plain]\nregion = eu-west-1\nregoin = ${hostile}`,
    ].join('\n'),
  );
  file('.aws/credentials', `[profile ${hostileName}]\n${key}[plain]\n${key}`);
  file('.config/awsh/config', 'protected = nobody\n');
  file(`project ${hostile}/.awsprofile`, 'good\n');
  file('.bashrc', `# >>> awsh >>>\nif [ -r '${hostile}' ]; then . '${hostile}'; fi\n# <<< awsh <<<\n`);
  const environment = {
    ...outer.environment,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    SHELL: '/bin/bash',
    AWSH_BACKEND: 'file',
  };
  return { environment, project: join(home, `project ${hostile}`), cwd: home };
}

/** Other variables that a shell may have. */
const variables = {
  AWS_PROFILE: hostile,
  AWS_REGION: hostile,
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_VAULT: hostile,
  AWS_ENDPOINT_URL_STS: hostile,
  AWSH_HOOK: `shell bash ${hostile}\nlauncher /${hostile}\nmode auto\nruns ${hostile}\nend`,
};

type Setting = ReturnType<typeof hostileHome>;

/** The output of one command line, on a terminal of 40 columns or in a pipe. */
async function shownBy({ environment, cwd }: Setting, line: string, isTTY: boolean): Promise<string> {
  let text = '';
  const write = (piece: string, done?: () => void) => {
    text += piece;
    done?.();
    return true;
  };
  const stream = { isTTY, columns: 40, write, on: () => undefined };
  const output = streamOutput(stream, stream, environment);
  const args = line.split(' ');
  await runCommandLine(args, { environment, cwd: () => cwd, clock: systemClock, output, packageFolder });
  return text;
}

/** The output without our own colours: text and line ends. */
function unexpected(text: string): string[] {
  const own = text.replace(/\x1b\[(0|1|2|22|31|32|33|39)m/g, '').replaceAll('\n', '');
  return own.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu) ?? [];
}

const lines: readonly (readonly [line: string, shows: RegExp, environment?: Record<string, string>])[] = [
  ['list', /good\s.*111122223333/s],
  ['list --profiles', /^endpoint$/m],
  ['list --json', /"profile": "good"/],
  ['status', /forged/, variables],
  ['status --json', /forged/, variables],
  ['explain good', /forged/],
  ['explain tool', /forged/],
  ['explain tool --json', /forged/],
  ['explain role', /role_arn is not/],
  ['explain named', /not\s+accept\s+this\s+value\s+for\s+mfa_serial/],
  ['explain source', /there is no\s+profile/],
  ['explain endpoint', /not\s+an\s+endpoint/],
  ['config list', /protected/],
  ['config list --json', /protected/],
  ['config aws', /forged/],
  ['config aws --json', /forged/],
  ['doctor --offline', /is\s+ignored/, variables],
  ['doctor --offline --json', /is ignored/, variables],
  ['explain good', /does not name a\s+region|region/, variables],
  ['export good', /runs inside\s+exec/, variables],
  ['allow --list', /nothing is allowed/],
  ['import --dry-run', /MPLE/],
  ['export plaim', /plain/],
  [`explain ${hostileName.replaceAll(' ', '')}`, /forged/],
  [`list --${hostileName.replaceAll(' ', '')}`, /forged/],
];

describe('no byte of a file, a name or a variable reaches the terminal unchanged', () => {
  it.each(
    lines.flatMap(([line, shows, more = {}]) =>
      [true, false].map((isTTY) => [line, isTTY, shows, more] as const),
    ),
  )('awsh %j (terminal: %s)', async (line, isTTY, shows, more) => {
    const setting = hostileHome();
    Object.assign(setting.environment, more);
    const text = await shownBy(setting, line, isTTY);
    expect(text.replace(/\x1b\[\d+m/g, '')).toMatch(shows);
    expect(unexpected(text)).toEqual([]);
    expect(existsSync('pwned')).toBe(false);
  });

  it('also when such a directory is denied or listed', async () => {
    const setting = hostileHome();
    setting.cwd = setting.project;
    const shows: string[] = [];
    for (const line of ['allow', 'allow --list', 'status', 'doctor --offline', 'deny', 'allow --list']) {
      const text = await shownBy(setting, line, true);
      expect(unexpected(text), line).toEqual([]);
      shows.push(text);
    }
    expect(shows[0]).toMatch(/bytes that are not text/);
  });
});
