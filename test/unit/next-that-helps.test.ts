import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const role = 'role_arn = arn:aws:iam::111122223333:role/R';

function setting(config: string) {
  const home = temporaryHome();
  const path = home.write('.aws/config', config);
  home.write(
    '.aws/credentials',
    '[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n',
  );
  const run = (...args: string[]) => runHere(args, { ...home.environment, AWSH_BACKEND: 'file' });
  return { path, run };
}

describe('the next command for', () => {
  it.each([
    ['Environment', /AWS_ACCESS_KEY_ID is not set, and AWS_SECRET_ACCESS_KEY is needed/],
    ['EcsContainer', /neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI/],
  ])('credential_source = %s without its variables opens that line', async (source, why) => {
    const { path, run } = setting(`[profile csrc]\n${role}\ncredential_source = ${source}\n`);
    for (const words of [
      ['explain', 'csrc'],
      ['export', 'csrc', '--format', 'fish'],
    ]) {
      const { status, err } = await run(...words);
      expect(status).toBe(4);
      expect(err.replaceAll(/\s+/g, ' ')).toMatch(why);
      expect(err).toContain(`next: vi +3 ${path}\n`);
    }
  });

  it('a role in another partition is the same line with a region of it, which works', async () => {
    const { run } = setting('[profile base]\nregion = eu-west-1\n');
    const words = ['explain', 'base', '--role-arn', 'aws-cn:222222222222:ops'];
    const { status, err } = await run(...words);
    expect(status).toBe(2);
    expect(err).toMatch(/partition aws-cn, and the region eu-west-1 is in another/);
    const next = /next: awsh (.*)\n/.exec(err)?.[1] ?? '';
    expect(next).toContain('--region cn-north-1');
    expect((await run(...next.split(' '))).status).toBe(0);
  });
});
