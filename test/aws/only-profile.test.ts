import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';
import { anotherUser, canBeAnotherUser } from '../support/another-user.ts';
import { has } from '../support/programs.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';

const awsh = join(packageFolder, 'bin/awsh');
/** Removes everything that awsh has set for the command. */
const bare = 'env -u AWS_VAULT -u AWSH_ONLY -u AWS_CONFIG_FILE -u AWS_SHARED_CREDENTIALS_FILE';

/**
 * Ways in which a stand-in agent tries to get prod or another key; it prints WON if it succeeds.
 * `wall`: only bubblewrap stops it.
 */
const ways: [name: string, line: string, wall: boolean][] = [
  ['exec', `${awsh} exec prod -- env`, false],
  ['exec without AWS_VAULT', `env -u AWS_VAULT ${awsh} exec prod -- env`, false],
  ['exec without the marker', `env -u AWS_VAULT -u AWSH_ONLY ${awsh} exec prod -- env`, false],
  ['exec with the marker alone', `env -u AWS_VAULT -u AWS_CONFIG_FILE ${awsh} exec prod -- env`, false],
  ['exec without any of it', `${bare} ${awsh} exec prod -- env`, true],
  ['export without any of it', `${bare} ${awsh} export prod`, true],
  ['export in another session', `setsid ${bare} ${awsh} export prod`, true],
  ['export for another program', `${bare} ${awsh} export prod --format process`, true],
  [
    'exec --server',
    `${bare} ${awsh} exec prod --server -- sh -c 'curl -s -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" "$AWS_CONTAINER_CREDENTIALS_FULL_URI"'`,
    true,
  ],
  [
    'a role of its own choice',
    `env -u AWS_VAULT ${awsh} export 777788889999:operator --source-profile demo`,
    false,
  ],
  ['the same without any of it', `${bare} ${awsh} export 777788889999:operator --source-profile demo`, true],
  ['the console', `${awsh} login prod --stdout`, false],
  [
    'the hook',
    `bash -ic 'cd /; source ${packageFolder}/shell/awsh.bash; awsh use prod; env' </dev/null`,
    false,
  ],
  [
    'the hook, sourced without any of it',
    `${bare} bash -ic 'cd /; source ${packageFolder}/shell/awsh.bash; awsh use prod; env' </dev/null`,
    true,
  ],
  ['--profile of the AWS CLI', 'aws sts get-caller-identity --profile leaky', false],
  ['the AWS CLI with the user’s files', `${bare} aws sts get-caller-identity --profile leaky`, true],
  ['the file of keys', 'cat "$HOME/.aws/credentials"', true],
  ['the file of keys by another root', 'cat "/proc/$PPID/root$HOME/.aws/credentials"', true],
  ['the environment of another program', 'cat /proc/[0-9]*/environ | tr "\\0" "\\n"', true],
  [
    'the same role without its limits',
    'aws sts assume-role --role-arn arn:aws:iam::777788889999:role/operator --role-session-name agent',
    false,
  ],
];

/**
 * A home with a plain-text key that is also stored, and a program that has it in its environment.
 */
async function preparedBox(): Promise<AgentSandbox> {
  const box = await agentSandbox();
  const { home, accessKeyId, secretAccessKey, emulator } = box.sandbox;
  writeFileSync(
    join(home, '.aws/credentials'),
    `[leaky]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey.reveal()}\n`,
    { mode: 0o600 },
  );
  appendFileSync(
    join(home, '.aws/config'),
    `\n[profile leaky]\nregion = eu-west-1\nendpoint_url = ${emulator.url}\n`,
  );
  await box.awsh(['export', 'prod']);
  const other = spawn('sleep', ['600'], { env: { AWS_ACCESS_KEY_ID: accessKeyId }, stdio: 'ignore' });
  onTestFinished(() => void other.kill());
  return box;
}

/** A PATH with a bubblewrap that may not make namespaces, as in many containers. */
function withoutBubblewrap({ sandbox }: AgentSandbox): string {
  const folder = join(sandbox.home, 'programs');
  mkdirSync(folder);
  writeFileSync(join(folder, 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  return `${folder}${delimiter}${process.env.PATH}`;
}

/**
 * Ways around the sandbox. Each prints a file with the key if it works. `F` is the file of keys.
 */
const detours = {
  'root unmounts what hides it': 'umount "$HOME/.aws"; cat "$F"',
  'the same in another user namespace': 'unshare -Urm sh -c "umount \\"$HOME/.aws\\"; cat \\"$F\\""',
  'entering process 1': 'nsenter -t 1 -m cat "$F"',
  'the root of process 1': 'cat /proc/1/root"$F"',
  'the root of every process': 'cat /proc/[0-9]*/root"$F"',
  'a bind mount of the whole system': 'mkdir -p /tmp/b$$; mount --bind / /tmp/b$$ && cat /tmp/b$$"$F"',
  'an open folder': 'cat /proc/self/fd/7/credentials',
  'an open folder of its parent': 'cat /proc/$PPID/fd/7/credentials',
  'what a link leads to': 'cat "$HOME/dotfiles/config"',
};

/** The ways that print the user's key, run as this user, with a folder left open. */
async function detoursThatWork(box: AgentSandbox, user: number): Promise<string[]> {
  const { home, accessKeyId } = box.sandbox;
  mkdirSync(join(home, 'dotfiles'));
  renameSync(join(home, '.aws/config'), join(home, 'dotfiles/config'));
  symlinkSync(join(home, 'dotfiles/config'), join(home, '.aws/config'));
  appendFileSync(join(home, 'dotfiles/config'), `# ${accessKeyId}\n`);
  spawnSync('chown', ['-R', `${user}:${user}`, dirname(home)]);
  const lines = Object.values(detours).map((line) => `echo "== "; { ${line}; } 2>&1`);
  const script = ['F=$HOME/.aws/credentials; export F', ...lines].join('\n');
  const asUser = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const words = [...asUser, awsh, 'exec', 'dev', '--only', '--', 'bash', '-c', script];
  const open = ['-c', 'exec 7<"$HOME/.aws"; exec "$@"', 'bash'];
  const { out, err } = await runInstalled([...open, ...words], box.environment, '', 'bash');
  const outputs = out.split('== \n').slice(1);
  expect(outputs, err).toHaveLength(lines.length);
  return Object.keys(detours).filter((_, at) => outputs[at]?.includes(accessKeyId));
}

/** The ways that gave prod or the user's own key. */
async function waysThatWork(box: AgentSandbox, PATH: string): Promise<string[]> {
  const script = ways.map(([, line], at) => `printf '\\n=== ${at}\\n'; { ${line}; } 2>&1`).join('\n');
  const words = ['exec', 'dev', '--read-only', '--only', '--', 'bash', '-c', script];
  const { out } = await box.awsh(words, { environment: { PATH } });
  const { accessKeyId, emulator } = box.sandbox;
  const prod = [...emulator.cloud.sessions.values()].filter(
    ({ identity }) => identity.account === '777788889999',
  );
  const won = [
    accessKeyId,
    ':user/demo',
    'assumed-role/operator',
    ...prod.map((session) => session.accessKeyId),
  ];
  const outputs = out.split(/^=== \d+\n/m).slice(1);
  expect(outputs).toHaveLength(ways.length);
  return ways.filter((_, at) => won.some((text) => outputs[at]?.includes(text))).map(([name]) => name);
}

describe('exec --only', () => {
  it('gives the command its profile, by its environment and by its name', async () => {
    const box = await agentSandbox();
    const line =
      'aws configure get region; grep ^.p $AWS_CONFIG_FILE; aws sts get-caller-identity --query Arn --output text; aws sts get-caller-identity --profile dev --query Arn --output text';
    const { out, err } = await box.awsh(['exec', 'dev', '--read-only', '--only', '--', 'sh', '-c', line]);
    expect(out, err).toMatch(
      /^eu-west-1\n\[profile dev\]\n(arn:aws:sts::111122223333:assumed-role\/developer\/\S+\n){2}$/,
    );
  });

  it('is only a safeguard without bubblewrap', async () => {
    const box = await preparedBox();
    const expected = ways.filter(([, , wall]) => wall).map(([name]) => name);
    expect(await waysThatWork(box, withoutBubblewrap(box))).toEqual(expected);
  });

  it('warns and goes on if bubblewrap does not work', async () => {
    const box = await agentSandbox();
    const folder = join(box.sandbox.home, 'broken');
    mkdirSync(folder);
    writeFileSync(join(folder, 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const environment = { PATH: `${folder}:${process.env.PATH}` };
    const words = ['exec', 'dev', '--only', '--', 'sh', '-c', 'echo "$AWS_VAULT"'];
    const ran = await box.awsh(words, { environment });
    expect(ran).toMatchObject({ status: 0, out: 'dev\n' });
    expect(ran.err).toMatch(
      /^awsh: bubblewrap is missing or does not work here, so the command can still read/,
    );
  });

  it.runIf(has('bwrap'))('gives the command no session bus', async () => {
    const box = await agentSandbox();
    const environment = { DBUS_SESSION_BUS_ADDRESS: 'tcp:host=127.0.0.1,port=1' };
    const words = ['exec', 'dev', '--only', '--', 'sh', '-c', 'echo "[$DBUS_SESSION_BUS_ADDRESS]"'];
    expect(await box.awsh(words, { environment })).toMatchObject({ status: 0, out: '[]\n' });
  });

  it.runIf(has('bwrap'))('is a barrier with bubblewrap', async () => {
    const box = await preparedBox();
    expect(await waysThatWork(box, process.env.PATH ?? '')).toEqual([]);
  });

  it.runIf(has('bwrap') && canBeAnotherUser).each([0, anotherUser])(
    'is a wall that user %i cannot take down from inside',
    async (user) => {
      expect(await detoursThatWork(await preparedBox(), user)).toEqual([]);
    },
  );

  it.runIf(has('bwrap'))('leaves to root its ordinary work', async () => {
    const box = await agentSandbox();
    const line =
      'cd "$HOME" && mkdir w && cd w && git init -q && echo x >f && chmod 640 f && mv f g && rm g && tar cf t .git && ls /dev/null /sys/kernel >/dev/null && ps >/dev/null && echo done';
    const ran = await box.awsh(['exec', 'dev', '--only', '--', 'sh', '-c', line]);
    expect(ran).toMatchObject({ status: 0, out: 'done\n' });
  });

  it.runIf(has('bwrap'))('passes on arguments, exit status and input', async () => {
    const box = await agentSandbox();
    const { status, out } = await box.awsh([
      'exec',
      'dev',
      '--only',
      '--',
      'sh',
      '-c',
      'printf "<%s>" "$@"; exit 7',
      'x',
      "a b'c",
      '$HOME',
      '',
    ]);
    expect({ status, out }).toEqual({ status: 7, out: "<a b'c><$HOME><>" });
  });
});
