import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentSandbox } from '../support/agent-sandbox.ts';

/** The dev project is allowed, and AWS fails in this way. */
async function failingProject(agent: string) {
  const place = await agentSandbox();
  const folder = join(place.sandbox.home, 'projects/dev');
  await place.awsh(['allow', folder]);
  const { emulator } = place.sandbox;
  const fault = { kind: 'error', code: 'InternalFailure', status: 500, message: 'oops', times: 99 } as const;
  const recover = emulator.misbehave(fault);
  const load = (...lines: string[]) => place.loadCold(folder, lines, { AWSH_AGENT: agent });
  const calls = () => emulator.actions.length;
  return { load, calls, recover };
}

describe.each(['off', ''])('a directory whose AWS fails, with AWSH_AGENT=%j', (agent) => {
  it('is blocked at once when it is entered again, with the reason, and without another call', async () => {
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

  it('is tried at once by refresh', async () => {
    const { load, recover } = await failingProject(agent);
    await load();
    recover();
    expect(await load('refresh 1')).toMatch(/^- ok /);
    expect(await load()).toMatch(/^- ok /);
  });
});
