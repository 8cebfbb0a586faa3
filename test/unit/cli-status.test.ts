import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

describe('awsh status', () => {
  it('shows what failed if a pinned profile could not be loaded', async () => {
    const AWSH_LOADED = `1 blocked ${process.getuid?.()} - -`;
    const environment = { ...temporaryHome().environment, AWSH_BACKEND: 'file', AWSH_SEGMENT: 'error' };
    const blocked = { ...environment, AWSH_LOADED, AWS_PROFILE: 'awsh-blocked' };
    const { out } = await runHere(['status'], blocked);
    expect(out).toMatch(/^state +error: the pinned profile could not be loaded$/m);
    const { state } = JSON.parse((await runHere(['status', '--json'], blocked)).out);
    expect(state).toBe('error');
  });

  it('does not suggest allowing a directory file whose profile is unknown', async () => {
    const home = temporaryHome();
    home.write('.awsprofile', 'nobody\n');
    const { out } = await runHere(['status'], { ...home.environment, AWSH_BACKEND: 'file' });
    expect(out).toMatch(/^trust +not allowed$/m);
  });
});
