import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type AgentConnection, connectAgent } from '../../../src/agent/index.ts';
import { readAwsFiles } from '../../../src/profiles/index.ts';
import { planFor } from '../../../src/sessions/index.ts';
import { agentSandbox } from '../../support/agent-sandbox.ts';

/** The staging project is allowed, an agent runs, and no MFA code was entered yet. */
async function beforeTheCode() {
  const it = await agentSandbox();
  const folder = join(it.sandbox.home, 'projects/staging');
  await it.awsh(['allow', folder]);
  await it.awsh(['agent', 'start']);
  const keys = [{ profile: 'demo', accessKeyId: it.sandbox.accessKeyId, added: new Date() }];
  const plan = planFor({ files: readAwsFiles(it.paths), profile: 'staging', keys, environment: {} });
  const connection = await connectAgent(it.paths, 5000);
  if (connection === null) throw new Error('an agent was started');
  return { ...it, folder, shell: connection, id: plan.sessionIds.at(-1) ?? '' };
}

const lease = (shell: AgentConnection, id: string, terminal: string) =>
  shell.ask('lease', [
    ['session', id],
    ['min-ttl', '300'],
    ['tty', terminal],
  ]);

it('nineteen shells show at once which terminal asks the question, and start no process', async () => {
  const { loadWarm, folder, shell, id } = await beforeTheCode();
  expect(await loadWarm(folder)).toBe('cold 0 -\nend\n');
  await lease(shell, id, '/dev/pts/7');
  const answers = await Promise.all(Array.from({ length: 19 }, () => loadWarm(folder)));
  for (const answer of answers) {
    expect(answer).toMatch(/^wait 0 asked on pts\/7\n/);
    expect(answer).toContain('set AWS_PROFILE awsh-blocked\n');
    expect(answer).toContain('state wait\nreason the question for the session is open on pts/7;');
  }
  shell.close();
});

it('the clock asks no question again after one was left open or a code refused; the user may try', async () => {
  const { loadWarm, folder, shell, id } = await beforeTheCode();
  for (const failed of ['person', 'refused']) {
    await lease(shell, id, 'pts/7');
    await shell.ask('release', [
      ['session', id],
      ['failed', failed],
    ]);
    expect(await loadWarm(folder, ['renew 1'])).toMatch(/^person 0 needs MFA\n/);
    expect(await loadWarm(folder, ['quiet 1'])).toMatch(/^person 0 needs MFA\n/);
    expect(await loadWarm(folder)).toBe('cold 0 -\nend\n');
  }
  shell.close();
});

it('if the terminal with the question is closed, the next shell may ask', async () => {
  const { loadWarm, folder, shell, id } = await beforeTheCode();
  await lease(shell, id, 'pts/7');
  shell.close();
  await expect.poll(() => loadWarm(folder)).toBe('cold 0 -\nend\n');
});

it('a session that is about to expire is still loaded while another is fetched', async () => {
  const { loadWarm, folder, shell, id } = await beforeTheCode();
  const soon = Math.floor(Date.now() / 1000) + 120;
  await shell.ask('put', [
    ['session', id],
    ['profile', 'staging'],
    ['expires', String(soon)],
    ['key', 'ASIAOLD'],
    ['secret', 'secret'],
    ['token', 'token'],
  ]);
  expect(await loadWarm(folder, ['renew 1'])).toBe('cold 0 -\nend\n');
  await lease(shell, id, 'pts/7');
  expect(await loadWarm(folder, ['renew 1'])).toMatch(
    /^ok \d+ staging\n(.*\n)*set AWS_ACCESS_KEY_ID ASIAOLD\n/,
  );
  shell.close();
});

it('the cold path does not wait for another terminal either', async () => {
  const it = await beforeTheCode();
  await lease(it.shell, it.id, 'pts/7');
  expect(await it.loadCold(it.folder)).toMatch(/^- wait 0 asked on pts\/7\n/);
  it.shell.close();
});
