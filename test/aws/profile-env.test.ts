import { describe, expect, it } from 'vitest';
import { has } from '../support/programs.ts';
import { signedInHome } from '../support/sso-home.ts';

describe('exec --profile-env with a profile of IAM Identity Center', () => {
  it('gives the command AWS_PROFILE and no keys, after checking that there are some', async () => {
    const { awsh, portal } = await signedInHome(['corp']);
    const { status, out } = await awsh('exec', '--profile-env', 'corp', '--', 'env');
    expect(status).toBe(0);
    expect(out).toMatch(/^AWS_PROFILE=corp$/m);
    expect(out).not.toMatch(/AWS_ACCESS_KEY_ID|AWS_SECRET|AWS_SESSION_TOKEN|bearer/);
    expect(portal.received).toHaveLength(1);
  });

  it.skipIf(!has('python3'))('leads boto3 to the AWS CLI’s sign-in', async () => {
    const { awsh, portal } = await signedInHome(['corp']);
    const print = ['python3', '-c', 'import boto3; print(boto3.Session().get_credentials().access_key)'];
    const { out, err } = await awsh('exec', '--profile-env', 'corp', '--', ...print);
    expect(err).toBe('');
    expect(out).toBe('ASIASSO0000000000000\n');
    const tokens = portal.received.map(({ headers }) => headers['x-amz-sso_bearer_token']);
    expect(tokens).toEqual(['bearer', 'bearer']);
  });

  it('runs nothing if you are not signed in: exit 6, with the sign-in command', async () => {
    const { awsh } = await signedInHome([]);
    const { status, out, err } = await awsh('exec', '--profile-env', 'corp', '--', 'echo', 'ran');
    expect({ status, out }).toEqual({ status: 6, out: '' });
    expect(err).toContain('awsh sso login corp');
  });
});
