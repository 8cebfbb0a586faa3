import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

async function explained(config: string, profile = 'dev') {
  const home = temporaryHome();
  home.write('.aws/config', config);
  const pair = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n';
  home.write('.aws/credentials', `[dev]\n${pair}[base]\n${pair}`);
  const environment = { ...home.environment, AWSH_BACKEND: 'file' };
  const { status, err } = await runHere(['explain', profile], environment);
  return { status, err: err.replaceAll(/\s+/g, ' ') };
}

const role = 'role_arn = arn:aws:iam::111122223333:role/R';

describe('a property indented below one that determines the identity', () => {
  it.each([
    ['source_profile', `[profile dev]\n${role}\nsource_profile = base\n  region = us-west-2\n`, 4],
    ['role_arn', `[profile dev]\n${role}\n\texternal_id = abc\nsource_profile = base\n`, 3],
    ['region', '[profile dev]\nregion = eu-west-1\n  output = json\n', 3],
    ['mfa_serial', '[profile dev]\nmfa_serial = arn:aws:iam::111122223333:mfa/me\n  region = eu-west-1\n', 3],
  ])('is an error with its line: %s', async (_, config, line) => {
    const { status, err } = await explained(config);
    expect(status).toBe(2);
    expect(err).toMatch(new RegExp(`config:${line} is malformed why: it is indented below another key`));
    expect(err).toMatch(new RegExp(`next: vi \\+${line} `));
  });

  it.each([
    ['a command', '[profile dev]\ncredential_process = cmd\n  --region = x\n'],
    ['a setting of a nested block', '[profile dev]\ns3 =\n  region = x\n'],
  ])('leaves %s alone', async (_, config) => {
    expect((await explained(config)).err).not.toContain('malformed');
  });
});

it('awsh list shows no source with a property in it', async () => {
  const home = temporaryHome();
  home.write('.aws/config', `[profile dev]\n${role}\nsource_profile = base\n  region = us-west-2\n`);
  const { out } = await runHere(['list'], { ...home.environment, AWSH_BACKEND: 'file' });
  expect(out).toMatch(/^dev +111122223333 +R +- /m);
});

describe('the section above a header that SDKs read differently', () => {
  it.each([
    ['without its ]', '[profile broken\nregion = x'],
    ['behind a line separator', '\u2028[profile z]\nregion = x'],
    ['behind a paragraph separator', '\u2029[profile z]\nregion = x'],
    ['behind a zero-width space', '\u200b[profile z]\nregion = x'],
    ['behind a control character', '\u0001[profile z]\nregion = x'],
  ])('is an error with the line of the header: %s', async (_, header) => {
    const { status, err } = await explained(`[profile dev]\nregion = eu-west-1\n${header}\n`);
    expect(status).toBe(2);
    expect(err).toMatch(/config:3 is malformed why: .*SDKs disagree/);
    expect(err).toMatch(/next: vi \+3 /);
  });

  it('names the line for the section itself, too', async () => {
    const { err } = await explained('[profile dev]\n\u2028[profile z]\nregion = x\n', 'z');
    expect(err).toMatch(/config:2: \[\?profile z\] is ignored/);
  });
});
