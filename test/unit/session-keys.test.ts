import { describe, expect, it } from 'vitest';
import { readAwsFiles, sessionKeysOf } from '../../src/profiles/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { sample } from '../support/import-homes.ts';
import { runHere, runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const session = (lines: string, id = 'ASIAIOSFODNN7EXAMPLE', token = 'aws_session_token = t') =>
  `[saml]\naws_access_key_id = ${id}\naws_secret_access_key = ${sample('saml').secret}\n${token}\n${lines}\n`;

function homeWith(credentials: string) {
  const home = temporaryHome();
  home.write('.aws/credentials', credentials);
  const section = readAwsFiles(appPaths(home.environment)).profiles.get('saml');
  return { ...home, keys: section === undefined ? null : sessionKeysOf(section) };
}

describe('sessionKeysOf', () => {
  it.each([
    ['x_security_token_expires = 2030-01-02T00:47:31+02:00', '2030-01-01T22:47:31.000Z', 'saml2aws'],
    ['aws_expiration = 2030-01-02T00:47:31.000Z', '2030-01-02T00:47:31.000Z', 'aws-azure-login'],
    ['aws_session_expiration = 2030-01-02T00:47:31+0000', '2030-01-02T00:47:31.000Z', 'gsts'],
    ['expiration = 2030-01-02 00:47:31', '2030-01-02T00:47:31.000Z', 'aws-mfa'],
    ['aws_credential_expiration = 2030-01-02T00:47:31Z', '2030-01-02T00:47:31.000Z', 'aws-vault'],
    ['x_security_token_expires = 1893545251', '2030-01-02T00:47:31.000Z', 'saml2aws'],
    ['expiration = 2030-01-02 00:47:31.123456+00:00', '2030-01-02T00:47:31.123Z', 'aws-mfa'],
  ])('reads %s', (line, at, tool) => {
    const { keys } = homeWith(session(line));
    expect(keys?.ends?.at.toISOString()).toBe(at);
    expect(keys?.tool?.name).toContain(tool);
  });

  it('uses the property that ends last, and none that is not a time', () => {
    expect(
      homeWith(session('expiration = 2020-01-01 00:00:00\naws_expiration = 2030-01-01T00:00:00Z')).keys?.tool
        ?.name,
    ).toBe('aws-azure-login');
    expect(homeWith(session('expiration = soon')).keys).toEqual({ ends: null, tool: null });
  });

  it('recognises a session by its id or by either token, and no other key', () => {
    expect(homeWith(session('', 'AKIAIOSFODNN7EXAMPLE', 'aws_security_token = t')).keys).not.toBeNull();
    expect(homeWith(session('', 'ASIAIOSFODNN7EXAMPLE', '')).keys).not.toBeNull();
    expect(homeWith(session('expiration = 2020-01-01 00:00:00', 'AKIAIOSFODNN7EXAMPLE', '')).keys).toBeNull();
  });
});

const ended = session('x_security_token_expires = 2020-01-02T00:47:31+02:00');
const good = session('x_security_token_expires = 2035-01-02T00:47:31+02:00');

describe('awsh with session keys in plain text', () => {
  it('refuses expired ones, names their tool, and gives the command that renews them', async () => {
    const { environment } = homeWith(ended);
    const { status, err } = await runInstalled(['export', 'saml', '--format=json'], environment);
    expect(status).toBe(4);
    expect(err).toMatch(
      /the session keys of profile "saml" ended .* ago\n.*credentials:5: x_security_token_expires .*saml2aws[\s\S]*next: saml2aws login --profile saml/,
    );
    expect(err).not.toContain('awsh add');
  });

  it('gives out valid ones with their expiry', async () => {
    const { environment } = homeWith(good);
    const { status, out, err } = await runInstalled(['export', 'saml', '--format=json'], environment);
    expect({ status, out: JSON.parse(out) }).toMatchObject({
      status: 0,
      out: { SessionToken: 't', Expiration: '2035-01-01T22:47:31Z' },
    });
    expect(err).not.toContain('awsh add');
  });

  it('shows their expiry in explain and list, and names expired ones in doctor', async () => {
    const { environment } = homeWith(good);
    expect((await runHere(['explain', 'saml'], environment)).out).toMatch(/ends +in .*2035-01-01T22:47:31Z/);
    expect((await runHere(['list'], environment)).out).toMatch(/saml.*, in the file/);
    const old = homeWith(ended).environment;
    expect((await runHere(['explain', 'saml'], old)).out).toMatch(/ends +ended .* ago/);
    expect((await runHere(['list'], old)).out).toMatch(/saml.*ended, in the file/);
    const { out } = await runHere(['doctor', '--offline'], old);
    expect(out).toMatch(/the session keys of saml in plain text ended [\s\S]*saml2aws login --profile saml/);
    expect(out).not.toMatch(/access keys? in plain text/);
  });
});
