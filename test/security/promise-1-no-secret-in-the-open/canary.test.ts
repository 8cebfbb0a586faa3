import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connectAgent, readState } from '../../../src/agent/index.ts';
import { createSandbox, type Sandbox } from '../../../src/demo/index.ts';
import { type AppPaths, appPaths } from '../../../src/system/index.ts';
import type { Canaries } from '../../support/canaries.ts';
import { placesOfSignIns, signInToConsole, useIdentityCenter } from '../../support/canary-sign-ins.ts';
import { CanaryWalk } from '../../support/canary-walk.ts';
import { makePasswordStore, stopPasswordStore } from '../../support/password-store.ts';
import { ProcessWatch, type SeenProcess } from '../../support/process-watch.ts';
import { has } from '../../support/programs.ts';
import { packageFolder } from '../../support/run-awsh.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';
import { openShell } from '../../support/terminal.ts';

const passphrase = 'CANARY of a passphrase';
const wrongPassphrase = 'CANARY mistyped passphrase';
const exportFormats = ['env', 'export-env', 'json', 'ini', 'bash', 'zsh', 'fish', 'powershell', 'process'];

const isOurNode = (commandLine: string) => /^\S*node .*\/dist\/\w+\.[cm]js /.test(commandLine);

it.skipIf(process.platform !== 'linux')(
  'a walk through every command leaves no secret in files, on the terminal, in the log or in the process list',
  async () => {
    const home = temporaryHome();
    const sandbox = await createSandbox(join(home.path, 'home'));
    onTestFinished(() => sandbox.close());
    const environment = environmentOf(home, sandbox);
    const paths = appPaths(environment);
    const agentId = () => readState(paths)?.pid ?? 0;
    onTestFinished(() => {
      if (agentId() > 0) process.kill(agentId(), 'SIGKILL');
    });
    const shell = await openShell('bash', {
      home: { ...home, path: sandbox.home, environment },
      rc: `HISTFILE=~/.bash_history; ulimit -S -c unlimited; source ${packageFolder}/shell/awsh.bash`,
    });
    const watch = new ProcessWatch(sandbox.home);
    const walk = new CanaryWalk(sandbox, environment, shell);
    walk.canaries.add('the passphrase', passphrase);
    walk.canaries.add('the mistyped passphrase', wrongPassphrase);

    await keysMoveIn(walk, sandbox, home);
    walk.canaries.add('the key of the vault', await vaultKey(paths));
    await theShellFollowsItsDirectory(walk, sandbox);
    await useAShortSession(walk, sandbox);
    await credentialsGoOut(walk, sandbox);
    await theAgentRenews(walk, sandbox, join(paths.state, 'agent.log'));
    await signInToConsole(walk, home);
    await useIdentityCenter(walk, sandbox);
    await awsAnswersOddly(walk, sandbox);
    await lockedAndUnlocked(walk);
    await keysChangeAndGo(walk, environment);
    await awshIsSetUp(walk, sandbox);

    const processes = await watch.stop();
    await walk.type(0, 'history -w');
    const ranWith = (program: string) =>
      processes.some(({ commandLine }) => isOurNode(commandLine) && commandLine.includes(program));
    for (const program of ['awsh.cjs', 'agent.mjs', 'worker.mjs'])
      expect(ranWith(`/dist/${program} `), program).toBe(true);
    expect(readFileSync(join(sandbox.home, '.bash_history'), 'utf8')).toContain('awsh add demo');

    expect.soft(walk.unexpected).toEqual([]);
    const held = walk.canaries.inFilesBelow(sandbox.home);
    expect.soft(held.filter((line) => !placesOfSignIns.test(line))).toEqual([]);
    expect.soft(held).not.toEqual([]);
    expect.soft(inPrinted(walk)).toEqual([]);
    expect.soft(processes.flatMap((process) => inProcess(walk.canaries, process))).toEqual([]);
  },
  180_000,
);

function inPrinted({ canaries, printed, shell }: CanaryWalk): string[] {
  const lines = printed.flatMap(([line, text]) => canaries.in(text).map((what) => `${line} printed ${what}`));
  // The terminal shows a code while it is typed.
  const shown = canaries.in(shell.received, (what) => what.startsWith('the MFA code'));
  return [...lines, ...shown.map((what) => `the terminal showed ${what}`)];
}

/**
 * A shell and exec's command get a session; `given` is what they got in their environment, without
 * an agent.
 */
function inProcess(canaries: Canaries, { commandLine, environment, coreLimit }: SeenProcess): string[] {
  const isBackground = /\/dist\/(agent|worker)\.mjs/.test(commandLine);
  const isMeant = (what: string) => !isBackground && /of session|of given$/.test(what);
  return [
    ...canaries.in(commandLine).map((what) => `has ${what} in its command line`),
    ...canaries.in(environment, isMeant).map((what) => `has ${what} in its environment`),
    ...(isOurNode(commandLine) && coreLimit !== '0' ? ['may leave a core file'] : []),
  ].map((fault) => `${commandLine} ${fault}`);
}

/**
 * Without the passphrase, which is typed; the agent keeps the vault unlocked. Other programs'
 * temporary files are checked, too.
 */
function environmentOf(home: TemporaryHome, sandbox: Sandbox): Record<string, string> {
  const TMPDIR = join(sandbox.home, 'tmp');
  mkdirSync(TMPDIR);
  return { ...sandbox.environment, PATH: home.environment.PATH ?? '', LANG: 'C.UTF-8', TMPDIR };
}

/** In the form in which the agent has it, base64url. */
async function vaultKey(paths: AppPaths): Promise<string> {
  const connection = await connectAgent(paths, 5000);
  const reply = await connection?.ask('vault-key', [['folder', paths.vault]]);
  connection?.close();
  expect(reply?.text).toMatch(/^[\w-]{43}$/);
  return reply?.text ?? '';
}

async function keysMoveIn(
  walk: CanaryWalk,
  { emulator, accessKeyId, secretAccessKey, home }: Sandbox,
  outside: TemporaryHome,
) {
  const user = (name: string) => emulator.addUser({ account: '111122223333', name });
  const [given, piped, plain, csv] = [user('given'), user('piped'), user('plain'), user('csv')];
  const inEnvironment = {
    environment: { AWS_ACCESS_KEY_ID: given.accessKeyId, AWS_SECRET_ACCESS_KEY: given.secretAccessKey },
  };
  await walk.run(0, 'agent start', inEnvironment);
  await walk.type(
    0,
    'awsh add demo --debug',
    ['access key id', accessKeyId],
    ['secret access key', secretAccessKey.reveal()],
    ['check it with AWS', 'y'],
    ['new passphrase of', passphrase],
    ['the new passphrase again', passphrase],
  );
  await walk.run(0, 'add given --env', inEnvironment);
  const lines = (...texts: string[]) => ({ input: `${texts.join('\n')}\n` });
  await walk.run(0, 'add piped --stdin', lines(piped.accessKeyId, piped.secretAccessKey));
  await walk.run(0, 'add piped --stdin', lines(piped.accessKeyId, piped.secretAccessKey));
  await walk.run(6, 'add piped --stdin', lines(given.accessKeyId, given.secretAccessKey));
  await walk.run(2, 'add other --stdin', lines(piped.secretAccessKey, piped.accessKeyId));
  await walk.run(2, 'add other --stdin', lines(piped.secretAccessKey));
  await walk.run(2, 'add other --stdin', lines(piped.accessKeyId, `${piped.secretAccessKey} x`));
  await walk.run(2, 'add other --env', {
    environment: { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: given.secretAccessKey },
  });
  writeFileSync(
    join(home, '.aws/credentials'),
    `[plain]\naws_access_key_id = ${plain.accessKeyId}\naws_secret_access_key = ${plain.secretAccessKey}\n`,
  );
  await walk.run(0, 'config aws --json');
  await walk.run(0, 'import --dry-run');
  await walk.run(6, 'import --all');
  await walk.run(0, 'import --all --yes');
  const file = outside.write(
    'key.csv',
    `Access key ID,Secret access key\n${csv.accessKeyId},${csv.secretAccessKey}\n`,
  );
  await walk.run(0, `import --csv ${file} csv`);
  const broken = outside.write(
    'broken.csv',
    `Access key ID,Secret\n${csv.secretAccessKey},"${csv.secretAccessKey}\n`,
  );
  await walk.run(2, `import --csv ${broken} csv`);
  addEndpoints(home, emulator.url, 'given', 'piped', 'plain', 'csv');
}

/** `add` and `import` wrote empty profiles; these get the emulator's endpoint. */
function addEndpoints(home: string, url: string, ...profiles: string[]): void {
  const file = join(home, '.aws/config');
  let text = readFileSync(file, 'utf8');
  for (const name of profiles)
    text = text.replace(`[profile ${name}]`, `$&\nregion = eu-west-1\nendpoint_url = ${url}`);
  writeFileSync(file, text);
}

async function credentialsGoOut(walk: CanaryWalk, { home }: Sandbox) {
  for (const format of exportFormats)
    expect(await walk.run(0, `export dev --format ${format}`, { prints: true })).toContain('ASIA');
  await walk.run(0, 'export -n given', { prints: true });
  await walk.run(0, 'exec dev -- true');
  await walk.run(0, 'exec -n given -- true');
  await walk.run(0, 'exec --server dev -- sleep 1');
  await walk.run(0, 'exec --profile-env dev -- true');
  await walk.run(0, 'explain dev');
  await walk.run(0, 'login dev --stdout', { prints: true });
  await walk.run(3, 'exec unknown -- true');
  await walk.run(127, 'exec dev -- no-such-program');
  await walk.run(0, 'list');
  await walk.run(0, 'list --json');
  await walk.run(0, 'status --json', { cwd: join(home, 'projects/dev') });
  await walk.run(4, 'status --verify');
  await walk.run(2, 'no-such-verb');
  await walk.run(1, 'doctor --offline');
  await walk.run(1, 'doctor --json');
}

/** Replies that the SDK cannot parse contain secrets, and its errors quote replies. */
async function awsAnswersOddly(walk: CanaryWalk, { emulator }: Sandbox) {
  const rewrites = [
    (body: string) => body.replace(/<\/(Credentials|AccessKey)>/, '<'),
    (body: string) => body.replace(/<(AccessKeyId|Expiration)>[^<]*/g, '<$1>\u001b[31m'),
    (body: string) => body.slice(0, body.length * 0.8),
  ];
  for (const [index, rewrite] of rewrites.entries()) {
    const behave = ['AssumeRole', 'CreateAccessKey'].map((action) =>
      emulator.misbehave({ kind: 'rewrite', action, rewrite }),
    );
    await walk.run(9, `export dev --duration 3${index}m`);
    await walk.run(9, 'rotate piped');
    for (const end of behave) end();
    await walk.run(6, 'rotate piped');
    for (const { key, user } of strangeKeys(emulator)) user.keys.splice(user.keys.indexOf(key), 1);
  }
  const refused = emulator.misbehave({ kind: 'error', code: 'AccessDenied', message: 'no', status: 403 });
  await walk.run(8, 'export dev --duration 40m');
  refused();
  const gone = emulator.misbehave({ kind: 'refuse' });
  await walk.run(9, 'export dev --duration 41m');
  gone();
}

/** Keys that AWS made and whose reply was lost. */
function strangeKeys(emulator: Sandbox['emulator']) {
  return emulator.cloud.users.flatMap((user) => user.keys.slice(1).map((key) => ({ user, key })));
}

async function theShellFollowsItsDirectory(walk: CanaryWalk, sandbox: Sandbox) {
  const code = () => sandbox.mfaCode();
  await walk.run(6, 'exec staging -- true');
  await walk.type(0, 'cd projects/dev');
  await walk.type(0, 'awsh allow --debug');
  await walk.type(0, 'awsh status --verify --debug');
  await walk.type(1, 'awsh doctor --offline --debug');
  await walk.type(0, 'cd ../staging');
  await walk.type(
    0,
    'awsh allow --debug',
    ['MFA code for staging', '000000'],
    ['MFA code for staging', code()],
  );
  await walk.type(0, 'awsh status --debug; awsh refresh', ['MFA code for staging', code()]);
  await walk.type(0, 'awsh use dev');
  await walk.type(0, 'awsh use -- -; awsh off; awsh use --auto; awsh deny --debug; cd');
  await walk.type(0, 'mkdir new; cd new; awsh init dev --debug; awsh allow --list --debug; cd');
}

/** A session that is in use and expires within ten minutes, so the agent's worker renews it. */
async function useAShortSession(walk: CanaryWalk, { emulator }: Sandbox) {
  emulator.cloud.sessionLifetime = 400;
  await walk.type(0, 'cd ~/projects/dev; awsh refresh; cd; cd -');
}

async function theAgentRenews(walk: CanaryWalk, { emulator }: Sandbox, log: string) {
  await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 100_000 }).toContain('renewed the session');
  emulator.cloud.sessionLifetime = null;
  await walk.type(0, 'cd ~');
  await walk.run(0, 'agent status --json');
}

async function lockedAndUnlocked(walk: CanaryWalk) {
  await walk.run(0, 'lock');
  await walk.run(5, 'export dev');
  const wrong: [string, string] = ['passphrase of', wrongPassphrase];
  await walk.type(5, 'awsh unlock --debug', wrong, wrong, wrong);
  await walk.type(0, 'awsh unlock --debug', ['passphrase of', passphrase]);
}

async function keysChangeAndGo(walk: CanaryWalk, environment: Record<string, string>) {
  await walk.run(0, 'rotate piped');
  await walk.run(0, 'rotate --all --older-than 90d');
  if (has('pass', 'gpg')) {
    const store = makePasswordStore({ path: environment.HOME ?? '', environment, write: () => '' });
    onTestFinished(() => stopPasswordStore(store));
    await walk.run(0, 'migrate-backend --from file --to pass', { environment: store });
    await walk.run(0, 'export -n given', { environment: { ...store, AWSH_BACKEND: 'pass' }, prints: true });
  }
  await walk.run(0, 'remove csv --force');
  await walk.run(4, 'remove csv --force');
  await walk.run(0, 'exec dev -- true');
  await walk.run(0, 'remove dev --sessions-only --force');
  await walk.run(0, 'clear');
  await walk.run(0, 'agent stop');
  await walk.run(6, 'exec dev -- true');
  await walk.run(0, 'agent start');
}

async function awshIsSetUp(walk: CanaryWalk, { home }: Sandbox) {
  await walk.run(0, 'setup --shell zsh --yes');
  await walk.run(0, 'setup --shell zsh --remove --yes');
  await walk.run(0, 'hook bash');
  await walk.run(0, 'completion zsh');
  await walk.run(0, 'config set lock_after 8h');
  await walk.run(0, 'config --json');
  await walk.run(0, 'config unset lock_after');
  await walk.run(0, 'prompt --shell bash');
  await walk.run(2, 'init dev', { cwd: join(home, 'new') });
}
