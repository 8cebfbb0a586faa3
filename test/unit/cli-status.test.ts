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

  it('names exec in a shell whose hook is older than awsh', async () => {
    const AWSH_LOADED = `1 blocked ${process.getuid?.()} - -`;
    const environment = { ...temporaryHome().environment, AWSH_BACKEND: 'file', AWSH_SEGMENT: 'blocked' };
    const old = { ...environment, AWSH_LOADED, AWS_PROFILE: 'awsh-blocked', AWSH_HOOK: 'outdated zsh' };
    const { state, reason, next } = JSON.parse((await runHere(['status', '--json'], old)).out);
    expect([state, next]).toEqual(['blocked', 'exec zsh']);
    expect(reason).toContain('awsh was upgraded after this shell was started');
  });

  it('shows no account or role of the config for keys that exec or aws-vault set', async () => {
    const home = temporaryHome();
    const role = 'role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = base\n';
    home.write('.aws/config', `[profile base]\n[profile dev]\n${role}`);
    const keys = { AWS_VAULT: 'dev', AWS_ACCESS_KEY_ID: 'X', AWS_SECRET_ACCESS_KEY: 'Y' };
    const inside = { ...home.environment, AWSH_BACKEND: 'file', ...keys };
    const { out } = await runHere(['status'], inside);
    expect(out).toMatch(/^loaded +dev, by exec$/m);
    expect(out).toMatch(/^account +not checked: awsh status --verify asks AWS$/m);
    expect(out).not.toMatch(/111122223333|^role /m);
    const mixed = (await runHere(['status'], { ...inside, AWS_PROFILE: 'other' })).out;
    expect(mixed).toMatch(/^state +overridden$/m);
    expect(mixed).toMatch(/^next +unset AWS_PROFILE$/m);
  });

  it('shows keys of the user that only the shell above has', async () => {
    const environment = { ...temporaryHome().environment, AWSH_BACKEND: 'file' };
    const facts = ['shell bash 5.2', 'launcher /x', 'mode auto', 'kind ', 'above AWS_ACCESS_KEY_ID', 'end'];
    const { out } = await runHere(['status'], { ...environment, AWSH_HOOK: facts.join('\n') });
    expect(out).toMatch(/^your keys +only the shell that started this one has them: AWS_ACCESS_KEY_ID$/m);
    const doctor = await runHere(['doctor', '--offline'], { ...environment, AWSH_HOOK: facts.join('\n') });
    expect(doctor.out).toMatch(/your own AWS_ACCESS_KEY_ID: only in the parent shell/);
  });

  it.each([
    ['a file that is not allowed', 'dev\n', '~/.awsprofile is not allowed', 'awsh allow'],
    ['a file that cannot be used', 'nobody\n', '~/.awsprofile: no profile', 'awsh status'],
    ['no file', null, 'no .awsprofile applies here', 'awsh use'],
  ])('--verify names what to do first if nothing is loaded: %s', async (_, file, why, next) => {
    const home = temporaryHome();
    home.write('.aws/config', '[profile dev]\ncredential_process = /bin/true\n');
    if (file !== null) home.write('.awsprofile', file);
    const { status, err } = await runHere(['status', '--verify'], {
      ...home.environment,
      AWSH_BACKEND: 'file',
    });
    expect(status).toBe(4);
    expect(err).toContain(`awsh: no credentials are loaded in this shell\n  why:  ${why}`);
    expect(err).toContain(`\n  next: ${next}\n`);
  });

  it('does not suggest allowing a directory file whose profile is unknown', async () => {
    const home = temporaryHome();
    home.write('.awsprofile', 'nobody\n');
    const { out } = await runHere(['status'], { ...home.environment, AWSH_BACKEND: 'file' });
    expect(out).toMatch(/^trust +not allowed$/m);
  });
});
