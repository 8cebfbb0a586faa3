import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { signInHome } from '../support/sign-in-terminal.ts';
import { openShell, plainText } from '../support/terminal.ts';

/** The code that the terminal shows. */
async function codeShown(terminal: Awaited<ReturnType<Awaited<ReturnType<typeof signInHome>>['start']>>) {
  return /[B-Z]{4}-[B-Z]{4}/.exec(await terminal.waitFor(/[B-Z]{4}-[B-Z]{4}\r?\n/))?.[0] ?? '';
}

/** The process and all that it has started. */
function processesBelow(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => processesBelow(Number(child)))];
}

const words = ['sso', 'login', 'corp', '--device-code'];

/** Two terminals: the first asks, the second waits for it. */
async function twoTerminals() {
  const corp = await signInHome();
  const first = await corp.start(words);
  await first.waitFor('q to quit');
  const second = await corp.start(words);
  await second.waitFor('waiting for it');
  return { corp, first, second };
}

describe('two terminals that need the same sign-in', () => {
  it('ask once: the second waits for the first', async () => {
    const corp = await signInHome();
    const first = await corp.start(words);
    const code = await codeShown(first);
    await first.waitFor('q to quit');
    const second = await corp.start(words);
    await second.waitFor(/pts\/\d+ is signing in to corp; waiting for it|another awsh is signing in/);
    corp.signIns.answerDevice(code, 'allow');
    for (const { exited } of [first, second]) expect(await exited).toMatchObject({ status: 0 });
    expect(second.received).toContain('signed in to corp until');
    const asked = corp.emulator.actions.filter((action) => action === 'StartDeviceAuthorization');
    expect(asked).toHaveLength(1);
  });

  it('the second begins if the first gives up', async () => {
    const { corp, first, second } = await twoTerminals();
    first.press('q');
    corp.signIns.answerDevice(await codeShown(second), 'allow');
    expect(await second.exited).toMatchObject({ status: 0 });
  });

  it.each(['is killed with all its processes', 'loses its terminal'])(
    'the second begins if the first %s',
    async (what) => {
      const { corp, first, second } = await twoTerminals();
      if (what === 'loses its terminal') first.close();
      else for (const pid of processesBelow(first.pid)) process.kill(pid, 'SIGKILL');
      expect((await first.exited).signal).not.toBe(0);
      corp.signIns.answerDevice(await codeShown(second), 'allow');
      expect(await second.exited).toMatchObject({ status: 0 });
      // Nothing of the first is left in the folder that all SDKs read.
      expect(readdirSync(dirname(corp.path))).toEqual([basename(corp.path)]);
    },
  );

  it('the second signs in itself after t', async () => {
    const corp = await signInHome();
    const first = await corp.start(words);
    await first.waitFor('q to quit');
    const second = await corp.start(words);
    await second.waitFor('Press t to sign in at this terminal instead, q to quit.');
    second.press('t');
    corp.signIns.answerDevice(await codeShown(second), 'allow');
    expect(await second.exited).toMatchObject({ status: 0 });
    // The first one no longer waits for its own code.
    expect(await first.exited).toMatchObject({ status: 0 });
    expect(first.received).toMatch(/you have signed in at another terminal\r?\n.*signed in to corp until/);
  });

  it('a command that waits signs in after t, without another question', async () => {
    const corp = await signInHome();
    const first = await corp.start(words);
    await first.waitFor('q to quit');
    const second = await corp.start(['exec', 'corp', '--', 'true'], { SSH_TTY: '/dev/pts/9' });
    await second.waitFor('Press t to sign in at this terminal instead, q to quit.');
    second.press('t');
    corp.signIns.answerDevice(await codeShown(second), 'allow');
    expect(await second.exited).toMatchObject({ status: 0 });
    expect(second.received).not.toContain('[Y/n]');
    expect(second.received.match(/waiting for it/g)).toHaveLength(1);
  });
});

describe('awsh use while another terminal is signing in', () => {
  it('waits for it, and then loads the profile', async () => {
    const corp = await signInHome();
    const first = await corp.start(words);
    const code = await codeShown(first);
    await first.waitFor('q to quit');
    const environment = { ...corp.environment, PATH: `${packageFolder}/bin:${corp.environment.PATH}` };
    const rc = `source ${packageFolder}/shell/awsh.bash`;
    const shell = await openShell('bash', { home: corp.home, environment, rc });
    onTestFinished(async () => void (await runInstalled(['agent', 'stop'], environment)));
    shell.type('awsh use corp\r');
    await shell.waitFor('waiting for it');
    corp.signIns.answerDevice(code, 'allow');
    await shell.prompt();
    expect(await first.exited).toMatchObject({ status: 0 });
    expect(await shell.output('echo "<$AWS_ACCESS_KEY_ID>"')).toMatch(/^<ASIA[A-Z0-9]{16}>$/);
    expect(plainText(shell.received)).not.toContain('[Y/n]');
    const asked = corp.emulator.actions.filter((action) => action === 'StartDeviceAuthorization');
    expect(asked).toHaveLength(1);
  });
});

describe('many terminals with a command that needs the sign-in', () => {
  const command = ['exec', 'corp', '--', 'sh', '-c', 'echo "<$AWS_ACCESS_KEY_ID>"'];
  const count = Number(process.env.TEST_TERMINALS ?? 5);
  const isAsked = (shown: string) => shown.includes('Sign in to corp now? [Y/n]');

  it('ask one question, and make one sign-in', async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    const start = () => corp.start(command, { SSH_TTY: '/dev/pts/9' });
    const terminals = await Promise.all(Array.from({ length: count }, start));
    const all = /now\? \[Y\/n\]|waiting for it/;
    for (const terminal of terminals) await terminal.waitFor(all, 100_000);
    const asked = terminals.filter(({ received }) => isAsked(received));
    expect(asked).toHaveLength(1);
    asked[0]?.press('Enter');
    for (const { exited } of terminals) expect(await exited).toMatchObject({ status: 0 });
    expect(terminals.filter(({ received }) => isAsked(received))).toHaveLength(1);
    const calls = corp.emulator.actions.filter((action) => action !== 'GetRoleCredentials');
    expect(calls).toEqual(['RegisterClient', 'StartDeviceAuthorization', 'CreateToken']);
  });
});
