import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** What the hook runs for `awsh use` with more than one argument. */
function useWith(...words: string[]) {
  const home = temporaryHome();
  home.write('.aws/config', '[profile dev]\n[profile base]\n');
  const environment = { ...home.environment, AWSH_BACKEND: 'file', AWS_PROFILE: 'base' };
  return runHere(words, environment);
}

describe('awsh use with unexpected words', () => {
  it.each([
    ['an option of exec', ['dev', '--region', 'ue1'], /there is no option --region/],
    ['an unknown option', ['dev', '--bogus'], /there is no option --bogus/],
    ['a short option of exec', ['dev', '-d', '30m'], /there is no option -d/],
    ['two profiles', ['dev', 'base'], /use takes one argument, not 2\n.*it is written: awsh use PROFILE\n/],
    ['nothing but an option', ['dev', '--backend', 'file'], /use does not accept these arguments/],
    ['what belongs to a role', ['dev', '--external-id', 'x-1'], /--external-id needs --role-arn/],
  ])('names awsh use in its error: %s', async (_, words, expected) => {
    const { status, err } = await useWith('_pin', ...words);
    expect(status).toBe(2);
    expect(err).toMatch(expected);
    expect(err).toContain('next: awsh use --help');
    expect(err).not.toContain('_pin');
  });

  it('prints a corrected line as it was typed', async () => {
    const { err } = await useWith('_pin', 'dev', '-e');
    expect(err).toContain('next: awsh use dev\n');
    expect((await useWith('_pin', 'dev', '--profile', 'base')).err).toContain('next: awsh use dev\n');
  });
});

describe('awsh use of a role without its source', () => {
  it.each([
    ['in the place of a profile', ['use', '--check', '222222222222:ops']],
    ['by --role-arn, whatever AWS_PROFILE is', ['_pin', '--role-arn', '222222222222:ops']],
  ])('is refused with the reason: %s', async (_, words) => {
    const { status, err } = await useWith(...words);
    expect(status).toBe(2);
    expect(err).toMatch(/no profile is named to assume the role[\s\S]*add --source-profile/);
  });

  it('needs the number of an account', async () => {
    const { status, err } = await useWith('use', '--check', '2222-2222-2222:ops');
    expect({ status, err }).toMatchObject({ status: 2, err: expect.stringContaining('12 digits') });
  });
});
