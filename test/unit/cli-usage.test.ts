import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

describe('a wrong command line', () => {
  it.each([
    [
      'an unknown verb',
      ['lst'],
      /unknown command 'lst'\n {2}why: {2}did you mean .*\blist\b.*\?\n {2}next: awsh --help/,
    ],
    [
      'an unknown option',
      ['list', '--jsn'],
      /unknown option '--jsn'\n {2}why: {2}did you mean --json\?\n {2}next: awsh list --help/,
    ],
    ['a missing argument', ['add'], /missing required argument 'PROFILE'/],
    ['an argument too many', ['list', 'work'], /too many arguments/],
    [
      'a value that is not allowed',
      ['export', 'work', '--format', 'xml'],
      /--format.*xml.*Allowed choices are/,
    ],
    ['a missing value', ['export', 'work', '--format'], /--format.*argument missing/],
    ['a backend that there is not', ['list', '--backend', 'kwallet'], /--backend.*kwallet/],
    ['control characters', ['\x1b[31mred'], /unknown command '\?\[31mred'/],
  ])('with %s exits 2 and says so on stderr alone', async (_, args, message) => {
    const { status, out, err } = await runHere(args, temporaryHome().environment);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  });
});

describe('global options', () => {
  it.each([
    [['--backend', 'file', 'config', 'aws', '--json']],
    [['config', '--backend=file', 'aws', '--json']],
    [['config', 'aws', '--json', '--debug']],
  ])('stand before the verb or after it: %j', async (args) => {
    const home = temporaryHome();
    home.write('.aws/config', '[profile dev]\nregion = eu-west-1\n');
    const { status, out } = await runHere(args, home.environment);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      profiles: { dev: { region: 'eu-west-1' } },
      ssoSessions: {},
      services: {},
    });
  });
});

describe('config aws', () => {
  it('names file and line of a malformed file, and exits 2', async () => {
    const home = temporaryHome();
    const file = home.write('.aws/config', '[profile dev]\nregion\n');
    const { status, out, err } = await runHere(['config', 'aws', '--json'], home.environment);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(`${file}:2`);
  });

  it('shows nested properties as objects, and a profile called __proto__', async () => {
    const home = temporaryHome();
    home.write('.aws/config', '[profile __proto__]\ns3 =\n  max_queue_size = 10\n');
    const { out } = await runHere(['config', 'aws', '--json'], home.environment);
    expect(out).toContain('"__proto__": {\n      "s3": {\n        "max_queue_size": "10"');
  });
});
