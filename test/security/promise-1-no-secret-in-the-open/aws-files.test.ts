import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { awsConfigJson, parseAwsFiles, type Reading, setKey } from '../../../src/profiles/index.ts';

const canary = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYcanary';

function files(credentials: string, reading: Reading = 'lenient') {
  return parseAwsFiles({ path: 'config', text: '' }, { path: 'credentials', text: credentials }, reading);
}

describe('a secret in ~/.aws/credentials', () => {
  it.each([
    ['alone on its line', `[dev]\n${canary}`],
    ['after a colon', `[dev]\naws_secret_access_key: ${canary}`],
    ['after a =', `[dev]\n=${canary}`],
    ['indented', `[dev]\n ${canary}`],
    ['before any section', `aws_secret_access_key = ${canary}`],
    ['in a header', `[${canary}`],
    ['below an empty value', `[dev]\naws_secret_access_key =\n ${canary}`],
  ])('is not in the error or the warning if it is %s', (_, text) => {
    let error: unknown;
    try {
      files(text, 'strict');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ exitStatus: 2 });
    expect(inspect(error, { depth: 9 })).not.toContain(canary);
    const { warnings, profiles } = files(text);
    expect(warnings).toHaveLength(1);
    expect(warnings.join()).not.toContain(canary);
    expect(inspect([...profiles.values()].map(({ fault }) => fault))).not.toContain(canary);
  });

  it('is not in the warning for an unknown property', () => {
    const { warnings } = files(`[dev]\nmy ${canary} = x\n`);
    expect(warnings).toHaveLength(1);
    expect(warnings.join()).not.toContain(canary);
  });

  it('is not in what `config aws --json` prints, nested or not', () => {
    const keys = ['aws_secret_access_key', 'AWS_Session_Token', 'aws_security_token'];
    const text = `[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n${keys.map((key) => `${key} = ${canary}\n`).join('')}`;
    const deep = `s3 =\n aws_secret_access_key = ${canary}\naws_session_token =\n x = ${canary}\n`;
    expect(JSON.parse(JSON.stringify(awsConfigJson(files(text)))).profiles.dev).toEqual({
      aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      aws_secret_access_key: '[secret]',
      aws_session_token: '[secret]',
      aws_security_token: '[secret]',
    });
    expect(JSON.stringify(awsConfigJson(files(`[dev]\n${deep}`)))).not.toContain(canary);
  });

  it('is not in the error for a value that cannot be written', () => {
    const text = { path: 'credentials', kind: 'credentials', bytes: '' } as const;
    expect(() =>
      setKey(text, { kind: 'profile', name: 'dev' }, 'aws_secret_access_key', `${canary} # x`),
    ).toThrow(expect.not.objectContaining({ why: expect.stringContaining(canary) }));
  });
});
