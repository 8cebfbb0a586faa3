import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentSandbox } from '../support/agent-sandbox.ts';
import { processJson, script } from '../support/command-files.ts';
import { oddServer } from '../support/odd-server.ts';

/** A home in which the dev project is allowed, and AWS fails in this way. */
async function failingProject(agent: string) {
  const place = await agentSandbox();
  const folder = join(place.sandbox.home, 'projects/dev');
  await place.awsh(['allow', folder]);
  const { emulator } = place.sandbox;
  const fault = { kind: 'error', code: 'InternalFailure', status: 500, message: 'oops', times: 99 } as const;
  const recover = emulator.misbehave(fault);
  const load = (...lines: string[]) => place.loadCold(folder, lines, { AWSH_AGENT: agent });
  const calls = () => emulator.actions.length;
  const refuse = () =>
    emulator.misbehave({ kind: 'error', code: 'AccessDenied', status: 403, message: 'no', times: 99 });
  return { load, calls, recover, refuse };
}

describe.each(['off', ''])('a directory whose AWS fails, with AWSH_AGENT=%j', (agent) => {
  it('a directory that failed is blocked at once when entered again, with the reason and without a call', async () => {
    const { load, calls } = await failingProject(agent);
    const first = await load();
    expect(first).toMatch(/^- blocked [1-9]/);
    expect(first).toContain('\nreason dev is not loaded: AWS cannot answer');
    const made = calls();
    const second = await load();
    expect(second).toMatch(/^- blocked [1-9]/);
    expect(second).toMatch(
      /\nreason dev is not loaded: .*InternalFailure.*tried \d+ s ago\nnext awsh refresh\n/,
    );
    expect(calls()).toBe(made);
  });

  it('a failure is not remembered if its profile has no session, nor if the state cannot be written', async () => {
    const server = await oddServer('a byte at a time');
    const place = await agentSandbox();
    const { home } = place.sandbox;
    const folder = join(home, 'projects/machine');
    const profile = `\n[profile machine]\ncredential_source = Ec2InstanceMetadata\nregion = eu-west-1\nec2_metadata_service_endpoint = ${server.url}\n`;
    appendFileSync(join(home, '.aws/config'), profile);
    mkdirSync(folder);
    writeFileSync(join(folder, '.awsprofile'), 'machine\n');
    expect(await place.awsh(['allow', folder])).toMatchObject({ status: 0 });
    // Even root cannot make a folder in place of a file.
    writeFileSync(join(place.paths.state, 'failed'), '');
    rmSync(join(place.paths.runtime, 'failed'), { recursive: true, force: true });
    const load = (...lines: string[]) => place.loadCold(folder, lines, { AWSH_AGENT: agent });
    expect(await load()).toContain('no answer in time');
    const made = server.requests;
    expect(await load()).toMatch(/\nreason machine is not loaded: .*no answer in time.*tried \d+ s ago/);
    expect(server.requests).toBe(made);
    await load('refresh 1');
    expect(server.requests).toBeGreaterThan(made);
  });

  it('the last failure counts: a refusal replaces an earlier fault of AWS', async () => {
    const { load, recover, refuse } = await failingProject(agent);
    await load();
    recover();
    refuse();
    expect(await load('refresh 1')).toContain('AWS does not allow');
    expect(await load()).not.toContain('InternalFailure');
  });

  it('refresh tries at once', async () => {
    const { load, recover } = await failingProject(agent);
    await load();
    recover();
    expect(await load('refresh 1')).toMatch(/^- ok /);
    expect(await load()).toMatch(/^- ok /);
  });
});

describe('a slow credential_process', () => {
  it('delays a prompt no longer than AWS does, and gets its full time with refresh', async () => {
    const place = await agentSandbox();
    const { home } = place.sandbox;
    const program = script(home, 'bin/slow', `sleep 5; echo '${processJson()}'`);
    appendFileSync(join(home, '.aws/config'), `\n[profile slow]\ncredential_process = ${program}\n`);
    const load = (...lines: string[]) => place.loadCold(home, ['pin slow', ...lines], { AWSH_AGENT: 'off' });
    expect(await load()).toMatch(
      /\nreason slow is not loaded: .*and a prompt waits no longer; awsh refresh /,
    );
    expect(await load()).toMatch(/ tried \d+ s ago/);
    expect(await load('refresh 1')).toMatch(/^- ok \d+ slow\n/);
  });
});

describe('a temporary fault of AWS', () => {
  it('is retried by the clock, a minute later, whatever AWS calls it', { timeout: 60_000 }, async () => {
    const place = await agentSandbox();
    const folder = join(place.sandbox.home, 'projects/dev');
    await place.awsh(['allow', folder]);
    for (const [code, status] of [
      ['Throttling', 400],
      ['ServiceUnavailable', 503],
    ] as const) {
      place.sandbox.emulator.misbehave({ kind: 'error', code, status, message: 'oops', times: 3 });
      const [, renew, reason] =
        /^- blocked ([0-9]+) [\s\S]*?\nreason (.*)/.exec(
          await place.loadCold(folder, ['refresh 1'], { AWSH_AGENT: 'off' }),
        ) ?? [];
      const seconds = Number(renew) - Date.now() / 1000;
      expect(seconds).toBeGreaterThan(10);
      expect(seconds).toBeLessThanOrEqual(60);
      expect(reason).toContain('is temporary');
    }
  });
});
