import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { awsClients, whoAmI } from '../support/aws-clients.ts';
import { corpHome } from '../support/corp-home.ts';
import { has } from '../support/programs.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { signInHome } from '../support/sign-in-terminal.ts';

/** Programs that read and renew the same token file without awsh: the AWS CLI and three SDKs. */
const peers = [...awsClients, 'go'] as const;

type Peer = (typeof peers)[number];
type Corp = Awaited<ReturnType<typeof corpHome>>;

/**
 * The SDK for Go uses the endpoints of a [services] section for sign-in, and not the profile's
 * `endpoint_url`.
 */
function withServices<C extends Corp>(corp: C): C {
  const { url } = corp.emulator;
  const services = `[services local]\nsso =\n  endpoint_url = ${url}\nsso_oidc =\n  endpoint_url = ${url}\n`;
  corp.home.write('.aws/config', corp.config.replace('region =', 'services = local\nregion =') + services);
  return corp;
}

/** The identity that the peer gets from AWS with profile corp, or its error. */
async function asked(peer: Peer, { home, emulator }: Corp): Promise<string> {
  const environment = { HOME: home.path, AWS_PROFILE: 'corp' };
  if (peer !== 'go') {
    const answer = await whoAmI(peer, environment);
    return 'arn' in answer ? answer.arn : answer.error;
  }
  const { stdout, stderr } = await execa('awsh-go-client', {
    env: { PATH: process.env.PATH ?? '', ...environment },
    extendEnv: false,
    reject: false,
  });
  const isRole = /^ASIA[A-Z0-9]{16}$/.test(stdout) && emulator.actions.at(-1) === 'GetRoleCredentials';
  return isRole ? 'arn:aws:sts::444455556666:assumed-role/Dev/by-its-key' : stderr;
}

/** Gets a role with the sign-in, not from the cache. */
const taken = ({ environment }: Corp) =>
  runInstalled(['exec', 'corp', '--refresh', '--', 'true'], { ...environment, AWSH_AGENT: 'off' });

const dev = expect.stringMatching(/^arn:aws:sts::444455556666:assumed-role\/Dev\//);

describe.skipIf(!has('aws', 'python3'))('awsh sso login', () => {
  it('is enough for all of them: no other sign-in, no registration', async () => {
    const corp = withServices(await signInHome());
    corp.signIns.rules.answer = 'allow';
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    expect(await terminal.exited).toMatchObject({ status: 0 });
    for (const peer of peers.filter((it) => it !== 'go' || has('awsh-go-client'))) {
      corp.emulator.calls.length = 0;
      expect(await asked(peer, corp), peer).toEqual(dev);
      const calls = corp.emulator.actions.filter((action) => action !== 'GetCallerIdentity');
      expect(calls, peer).toEqual(['GetRoleCredentials']);
    }
  });
});

describe.skipIf(!has('aws', 'python3')).each(peers)('a sign-in that awsh shares with %s', (peer) => {
  if (peer === 'go' && !has('awsh-go-client')) return it.skip('needs awsh-go-client');

  it('stays valid there after awsh renewed it, without another renewal', async () => {
    const corp = withServices(await corpHome(-60));
    expect((await taken(corp)).status).toBe(0);
    expect(corp.renewals()).toBe(1);
    expect(await asked(peer, corp)).toEqual(dev);
    expect(corp.renewals()).toBe(1);
  });

  it('stays valid in awsh after the other renewed it', async () => {
    const corp = withServices(await corpHome(-60));
    // The JavaScript SDK loses a refresh token that is missing in the reply, as in the replies of
    // some services.
    corp.signIns.rules.rotates = peer !== 'javascript';
    expect(await asked(peer, corp)).toEqual(dev);
    expect(corp.renewals()).toBe(1);
    expect((await taken(corp)).status).toBe(0);
    expect(corp.renewals()).toBe(1);
    // awsh then renews it again.
    const { accessToken: _, ...rest } = corp.file();
    corp.write({ ...rest, accessToken: 'ended', expiresAt: corp.at(-60) });
    expect((await taken(corp)).status).toBe(0);
    expect(corp.renewals()).toBe(2);
  });
});
