import { describe, expect, it } from 'vitest';
import { awsClients, whoAmI } from '../support/aws-clients.ts';
import { corpHome } from '../support/corp-home.ts';
import { has } from '../support/programs.ts';
import { runInstalled } from '../support/run-awsh.ts';

/** Programs that read and renew the same token file, with no awsh between. */
describe.skipIf(!has('aws', 'python3')).each(awsClients)('a sign-in that awsh shares with %s', (client) => {
  const exported = (corp: Awaited<ReturnType<typeof corpHome>>) =>
    runInstalled(['export', 'corp', '--format', 'json'], { ...corp.environment, AWSH_AGENT: 'off' });
  const asked = (corp: Awaited<ReturnType<typeof corpHome>>) =>
    whoAmI(client, { HOME: corp.home.path, AWS_PROFILE: 'corp' });
  const dev = {
    account: '444455556666',
    arn: expect.stringMatching(/^arn:aws:sts::444455556666:assumed-role\/Dev\//),
  };

  it('goes on there after awsh renewed it, without another renewal', async () => {
    const corp = await corpHome(-60);
    expect((await exported(corp)).status).toBe(0);
    expect(corp.renewals()).toBe(1);
    expect(await asked(corp)).toEqual(dev);
    expect(corp.renewals()).toBe(1);
  });

  it('goes on in awsh after the other renewed it', async () => {
    const corp = await corpHome(-60);
    // The JavaScript SDK loses a refresh token that the reply leaves out, and some services leave it out.
    corp.signIns.rules.rotates = client !== 'javascript';
    expect(await asked(corp)).toEqual(dev);
    expect(corp.renewals()).toBe(1);
    expect((await exported(corp)).status).toBe(0);
    expect(corp.renewals()).toBe(1);
    // And on to the next renewal, by awsh.
    const { accessToken: _, ...rest } = corp.file();
    corp.write({ ...rest, accessToken: 'ended', expiresAt: corp.at(-60) });
    expect(
      (await runInstalled(['export', 'corp', '--format', 'json', '--no-session'], corp.environment)).status,
    ).toBe(0);
  });
});
