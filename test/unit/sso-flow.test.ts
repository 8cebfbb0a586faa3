import { describe, expect, it } from 'vitest';
import { parseAwsFiles } from '../../src/profiles/index.ts';
import { allSsoSessions, findSsoSession, planFor } from '../../src/sessions/index.ts';
import { AwshError } from '../../src/system/index.ts';

const session = `[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
`;
const files = (config: string) =>
  parseAwsFiles(
    { path: '/home/me/.aws/config', text: config },
    { path: '/home/me/.aws/credentials', text: '' },
  );
const profile = (name: string, more = '') => `[profile ${name}]\nsso_session = corp\n${more}\n`;

function errorOf(work: () => unknown): { status: number; words: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof AwshError)
      return { status: error.exitStatus, words: [error.what, error.why, error.next].join('\n') };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a session of IAM Identity Center', () => {
  it('is found by its own name and by a profile’s', () => {
    const found = files(session + profile('dev') + profile('ops'));
    for (const name of ['corp', 'dev', 'ops'])
      expect(findSsoSession(name, found, {})).toMatchObject({
        name: 'corp',
        region: 'eu-west-1',
        scopes: ['sso:account:access'],
        profiles: ['dev', 'ops'],
      });
  });

  it('has the file’s scopes; the start URL of a profile without a session has none', () => {
    const scoped = `${session}sso_registration_scopes = sso:account:access, codewhisperer:completions\n`;
    expect(findSsoSession('corp', files(scoped), {}).scopes).toEqual([
      'sso:account:access',
      'codewhisperer:completions',
    ]);
    const old = '[profile old]\nsso_region = eu-west-1\nsso_start_url = https://old.awsapps.com/start\n';
    expect(findSsoSession('old', files(old), {})).toMatchObject({
      name: null,
      scopes: [],
      profiles: ['old'],
    });
    expect(allSsoSessions(files(old + session), {}).usable).toHaveLength(2);
  });

  it('takes its endpoints from the profiles that set one, and those must agree', () => {
    const one = 'endpoint_url = http://127.0.0.1:1';
    const agreed = files(session + profile('a') + profile('b', one) + profile('c', one));
    expect(findSsoSession('corp', agreed, {}).tokenTarget.endpoint).toBe('http://127.0.0.1:1');
    const other = files(session + profile('b', one) + profile('c', 'endpoint_url = http://127.0.0.1:2'));
    expect(errorOf(() => findSsoSession('corp', other, {}))).toEqual({
      status: 2,
      words: expect.stringMatching(/disagree about its endpoints\nb and c.*\naws configure set endpoint_url/),
    });
  });

  it.each([
    [profile('dev'), 'profiles that use it: dev', 'awsh list --profiles'],
    ['', 'no profile uses it yet', 'awsh sso populate corp'],
  ])('in place of a profile is named as what it is', (more, why, next) => {
    const plan = () => planFor({ files: files(session + more), profile: 'corp', keys: [], environment: {} });
    const words = new RegExp(`corp is an sso-session, which has no role of its own; ${why}\\n${next}$`);
    expect(errorOf(plan)).toEqual({ status: 3, words: expect.stringMatching(words) });
  });

  it('does not use an endpoint from a variable', () => {
    const variables = {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ENDPOINT_URL_SSO_OIDC: 'http://127.0.0.1:9',
    };
    const found = findSsoSession('corp', files(session + profile('dev')), variables);
    expect([found.tokenTarget.endpoint, found.portalTarget.endpoint]).toEqual([null, null]);
  });

  it.each([
    ['nobody', 3, /no sso-session or profile "nobody"/],
    ['plain', 2, /does not use IAM Identity Center/],
    ['lost', 2, /there is no \[sso-session gone\]/],
    ['half', 2, /\[sso-session half\] has no usable sso_region/],
    ['http', 2, /\[sso-session http\] has no usable sso_start_url/],
  ])('%s: exit %d', (name, status, words) => {
    const config = `${session}[profile plain]\nregion = eu-west-1\n[profile lost]\nsso_session = gone
[sso-session half]\nsso_start_url = https://corp.awsapps.com/start
[sso-session http]\nsso_region = eu-west-1\nsso_start_url = http://corp.awsapps.com/start\n`;
    expect(errorOf(() => findSsoSession(name, files(config), {}))).toEqual({
      status,
      words: expect.stringMatching(words),
    });
  });
});
