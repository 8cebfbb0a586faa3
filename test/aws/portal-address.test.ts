import { fromSSO } from '@aws-sdk/credential-providers';
import { describe, expect, it } from 'vitest';
import { serviceAddress } from '../../src/sessions/sso/service-request.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const regions = ['eu-west-1', 'us-east-1', 'cn-north-1', 'us-gov-west-1'];
const variants = [{}, { fips: true }, { dualstack: true }, { fips: true, dualstack: true }];
const rows = regions.flatMap((region) => variants.map((variant) => ({ region, ...variant })));

/** The address to which the SDK would send the token. Its client is stopped before it connects. */
async function sdkAddress({
  region,
  fips,
  dualstack,
}: {
  region: string;
  fips?: boolean;
  dualstack?: boolean;
}): Promise<string> {
  const home = temporaryHome();
  const token = { accessToken: 'bearer', expiresAt: new Date(Date.now() + 3600_000).toISOString() };
  process.env.HOME = home.path;
  home.write('.aws/sso/cache/dace00cba5f8355ec9d274ceb2bcebdfbeed0e12.json', JSON.stringify(token));
  let address = '';
  const handle = async (request: { protocol: string; hostname: string }) => {
    address = `${request.protocol}//${request.hostname}`;
    throw new Error('stopped');
  };
  const clientConfig = {
    region,
    useFipsEndpoint: fips ?? false,
    useDualstackEndpoint: dualstack ?? false,
    maxAttempts: 1,
  };
  await fromSSO({
    ssoStartUrl: 'https://ssotest.awsapps.com/start',
    ssoAccountId: '444455556666',
    ssoRegion: region,
    ssoRoleName: 'Dev',
    clientConfig: { ...clientConfig, requestHandler: { handle } as never },
  })().catch(() => {});
  return address;
}

describe('the portal’s own host is the same as in the SDK', () => {
  it.each(rows)('%j', async (row) => {
    const home = process.env.HOME;
    try {
      expect(serviceAddress('portal', { endpoint: null, ...row })).toBe(await sdkAddress(row));
    } finally {
      process.env.HOME = home;
    }
  });
});
