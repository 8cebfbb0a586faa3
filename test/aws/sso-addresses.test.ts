import { describe, expect, it } from 'vitest';
import { parseAwsFiles } from '../../src/profiles/index.ts';
import { findSsoSession, serviceAddress } from '../../src/sessions/index.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { signInHome } from '../support/sign-in-terminal.ts';

/** Both addresses of a session with these settings, as `PORTAL OIDC`. */
function addressesOf(region: string, startUrl: string, settings: string): string {
  const config = `[profile p]\nsso_session = s\nsso_account_id = 444455556666\nsso_role_name = R\n${settings}
[sso-session s]\nsso_region = ${region}\nsso_start_url = ${startUrl}\n`;
  const files = parseAwsFiles({ path: '/c', text: config }, { path: '/k', text: '' });
  const { portalTarget, tokenTarget } = findSsoSession('s', files, {});
  const [portal, oidc] = [serviceAddress('portal', portalTarget), serviceAddress('oidc', tokenTarget)];
  return [portal, oidc].map((address) => address.replace('https://', '')).join(' ');
}

const usual = 'https://corp.awsapps.com/start';
const fips = 'use_fips_endpoint = true';
const dual = 'use_dualstack_endpoint = true';
const plain = 'use_dualstack_endpoint = false';

describe('the addresses of a session', () => {
  it.each([
    ['eu-west-1', usual, '', 'amazonaws.com', ''],
    ['eu-west-1', usual, fips, 'amazonaws.com', '-fips'],
    ['eu-west-1', usual, dual, 'api.aws', ''],
    ['us-gov-west-1', usual, '', 'amazonaws.com', ''],
    ['us-gov-west-1', usual, fips, 'amazonaws.com', ''],
    ['us-gov-west-1', usual, `${fips}\n${dual}`, 'api.aws', '-fips'],
    ['cn-north-1', 'https://corp.awsapps.cn/start', '', 'amazonaws.com.cn', ''],
    ['cn-north-1', 'https://corp.awsapps.cn/start', dual, 'api.amazonwebservices.com.cn', ''],
    ['eusc-de-east-1', 'https://corp.portal.amazonaws.eu', '', 'amazonaws.eu', ''],
    ['us-east-1', 'https://d-1.portal.us-east-1.app.aws', '', 'api.aws', ''],
    ['us-east-1', 'https://SSOINS-1.PORTAL.US-EAST-1.APP.AWS/start', '', 'api.aws', ''],
    ['us-east-1', 'https://d-1.portal.us-east-1.app.aws', plain, 'amazonaws.com', ''],
    ['us-east-1', 'https://d-1.portal.us-east-1.app.aws', fips, 'api.aws', '-fips'],
    ['us-east-1', 'https://d-1.us-east-1.portal.amazonaws.com', '', 'amazonaws.com', ''],
    ['us-east-1', 'https://portal.us-east-1.app.aws.example.com', '', 'amazonaws.com', ''],
    [
      'cn-north-1',
      'https://s.portal.cn-north-1.app.amazonwebservices.com.cn',
      '',
      'api.amazonwebservices.com.cn',
      '',
    ],
    [
      'eusc-de-east-1',
      'https://s.portal.eusc-de-east-1.api.amazonwebservices.eu/start',
      '',
      'api.amazonwebservices.eu',
      '',
    ],
  ])('%s, %s, %j', (region, startUrl, settings, domain, variant) => {
    expect(addressesOf(region, startUrl, settings)).toBe(
      `portal.sso${variant}.${region}.${domain} oidc${variant}.${region}.${domain}`,
    );
  });
});

describe('a token of awsh’s own sign-in', () => {
  /** awsh signs in, and then the config file names another address. */
  async function movedHome() {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    const login = async () => {
      const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
      expect(await terminal.exited).toMatchObject({ status: 0 });
    };
    await login();
    const other = await temporaryEmulator();
    other.addRole({ account: '444455556666', name: 'Dev' });
    other.cloud.signIns.rules.answer = 'allow';
    corp.home.write('.aws/config', corp.config.replace(corp.emulator.url, other.url));
    corp.emulator.calls.length = 0;
    const awsh = (...words: string[]) => runInstalled(words, corp.environment);
    return { ...corp, other, login, awsh };
  }

  it('is not sent to another address: exit 2, with the next command', async () => {
    const it = await movedHome();
    const answer = await it.awsh('export', 'corp', '--format', 'json');
    expect(answer).toMatchObject({ status: 2, out: '' });
    expect(answer.err).toContain(`came from ${it.emulator.url}, and the config file names ${it.other.url}`);
    expect(answer.err).toMatch(/\n {2}next: awsh sso login corp\n$/);
    const explained = await it.awsh('explain', 'corp');
    expect(explained).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^ {2}next: awsh sso login corp$/m),
    });
    expect((await it.awsh('sso', 'accounts', 'corp')).status).toBe(2);
    expect(it.other.calls).toEqual([]);
    await it.login();
    expect(await it.awsh('export', 'corp', '--format', 'json')).toMatchObject({ status: 0 });
  });

  it('is revoked at the address that it came from', async () => {
    const it = await movedHome();
    expect(await it.awsh('sso', 'logout', 'corp')).toMatchObject({ status: 0 });
    expect([it.emulator.actions, it.other.actions]).toEqual([['Logout'], []]);
  });
});
