import { describe, expect, it } from 'vitest';
import { identityOf, programIdentity } from '../../src/sessions/index.ts';
import { awsFiles, type PlanCase, planOf } from '../support/plans.ts';

const s3 = 'http://127.0.0.1:4566';
const everything = 'http://127.0.0.1:9999';
const services = `[services local]\ns3 =\n  endpoint_url = ${s3}\nelastic_beanstalk =\n  endpoint_url = ${s3}/eb\n`;
const profile = (...lines: string[]) => `[profile dev]\n${lines.join('\n')}\n${services}`;
const withServices = profile('services = local', `endpoint_url = ${everything}`);
const S3 = { AWS_ENDPOINT_URL_S3: s3 };
const both = { ...S3, AWS_ENDPOINT_URL_ELASTIC_BEANSTALK: `${s3}/eb` };

const rows: [does: string, plan: PlanCase, variables: Record<string, string>][] = [
  ['give nothing where the profile says nothing', { config: profile() }, {}],
  ['name each service that has an endpoint', { config: withServices }, both],
  [
    'leave a service to its own variable',
    { config: withServices, environment: { AWS_ENDPOINT_URL_S3: everything } },
    { AWS_ENDPOINT_URL_ELASTIC_BEANSTALK: `${s3}/eb` },
  ],
  [
    'give no service where AWS_ENDPOINT_URL beats the section',
    { config: withServices, environment: { AWS_ENDPOINT_URL: everything } },
    {},
  ],
  [
    'tell programs to ignore endpoints where the profile does',
    { config: profile('services = local', 'ignore_configured_endpoint_urls = true') },
    { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
  ],
  [
    'follow AWS_IGNORE_CONFIGURED_ENDPOINT_URLS before the profile',
    {
      config: profile('services = local', 'ignore_configured_endpoint_urls = true'),
      environment: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' },
    },
    both,
  ],
  [
    'pass on FIPS and dual-stack as the SDKs spell them',
    { config: profile('use_fips_endpoint = True', 'use_dualstack_endpoint = false') },
    { AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'false' },
  ],
  [
    'leave FIPS to its variable',
    { config: profile('use_fips_endpoint = true'), environment: { AWS_USE_FIPS_ENDPOINT: 'false' } },
    {},
  ],
];

describe('the variables for programs', () => {
  it.each(rows)('%s', (_, plan, variables) => {
    expect(planOf({ ...plan, stored: ['dev'] }).programVariables).toEqual(variables);
  });

  it('are refused with file and line if an endpoint is malformed', () => {
    const config = withServices.replace(`endpoint_url = ${s3}\n`, 'endpoint_url = localhost:4566\n');
    expect(() => planOf({ config, stored: ['dev'] })).toThrow(/config:5: not an endpoint/);
  });

  it('are refused, with the line, if the section does not exist', () => {
    const fault = { what: '/home/me/.aws/config:2: there is no [services gone] section', exitStatus: 2 };
    const config = '[profile dev]\nservices = gone';
    expect(() => planOf({ config, stored: ['dev'] })).toThrow(
      expect.objectContaining({ ...fault, next: 'vi +2 /home/me/.aws/config' }),
    );
    const ignored = `${config}\nignore_configured_endpoint_urls = true`;
    expect(() => planOf({ config: ignored, stored: ['dev'] })).not.toThrow();
  });

  it.each([
    ['an endpoint_url that is not indented', 's3 =\nendpoint_url = http://127.0.0.1:4566', 5],
    ['that, beside a service that has one', `sqs =\n  endpoint_url = ${s3}\nendpoint_url = ${s3}`, 6],
    ['services that have none', 's3 =\nsqs =\n  region = eu-west-1', 3],
    ['an empty endpoint_url', 's3 =\n  endpoint_url =', 3],
    ['an endpoint_url in a comment', 's3 =\n  # endpoint_url = http://127.0.0.1:4566', 3],
    ['a : in place of the =', 's3 =\n  endpoint_url: http://127.0.0.1:4566', 3],
    ['nothing', '', 3],
  ])('are refused if a services section has %s', (_, lines, line) => {
    const config = `[profile dev]\nservices = local\n[services local]\n${lines}\n`;
    expect(() => planOf({ config, stored: ['dev'] })).toThrow(
      expect.objectContaining({
        exitStatus: 2,
        what: expect.stringMatching(
          `^/home/me/.aws/config:${line}: .*\\[services local\\].* \\(/home/me/.aws/config:2 names it\\)$`,
        ),
        why: expect.stringMatching(/^calls meant for .* would go to AWS itself; .* the endpoint is indented/),
        next: `vi +${line} /home/me/.aws/config`,
      }),
    );
    const ignored = config.replace('\n', '\nignore_configured_endpoint_urls = true\n');
    expect(() => planOf({ config: ignored, stored: ['dev'] })).not.toThrow();
  });

  it('are announced for a service in the section without an endpoint', () => {
    const told = (config: string, environment = {}) => {
      const { warnings, programWarnings } = planOf({ config, stored: ['dev'], environment });
      expect(programWarnings).toEqual(warnings);
      return warnings;
    };
    const config = `${profile('services = local')}dynamodb =\n`;
    expect(told(config)).toEqual([
      '/home/me/.aws/config:8: dynamodb of [services local] has no endpoint_url: its calls go to AWS itself',
    ]);
    expect(told(config, { AWS_ENDPOINT_URL_DYNAMODB: s3 })).toEqual([]);
    expect(told(`${withServices}dynamodb =\n`)).toEqual([]);
  });

  it('are shown by allow as endpoints, and changing one asks again', () => {
    const identity = (config: string) => identityOf(planOf({ config, stored: ['dev'] }), awsFiles(config));
    const [before, after] = [identity(withServices), identity(withServices.replace('4566', '4567'))];
    expect(before.endpoints).toEqual([everything, s3, `${s3}/eb`]);
    expect(after.digest).not.toBe(before.digest);
  });

  it("contain the CA bundle's absolute path, unless AWS_CA_BUNDLE names another", () => {
    const plan = planOf({ config: profile('ca_bundle = ~/ca.pem'), stored: ['dev'] });
    expect(programIdentity(plan, { HOME: '/home/me' }).variables).toEqual({
      AWS_CA_BUNDLE: '/home/me/ca.pem',
    });
    expect(programIdentity(plan, { HOME: '/home/me', AWS_CA_BUNDLE: '/corp.pem' }).variables).toEqual({});
  });
});

describe('services of [default]', () => {
  const two = `[services two]\ns3 =\n  endpoint_url = ${everything}\nelastic-beanstalk =\n  endpoint_url = ${everything}\nsqs =\n  endpoint_url = ${everything}\n`;
  const withDefault = (...lines: string[]) => `[default]\nservices = two\n${two}${profile(...lines)}`;

  it('do not override the endpoint_url of a profile without services', () => {
    const plan = planOf({ config: withDefault(`endpoint_url = ${s3}`), stored: ['dev'] });
    expect([plan.programVariables, plan.endpointUrl, plan.target.endpoint]).toEqual([{}, s3, s3]);
    const inherited = planOf({ config: withDefault(), stored: ['dev'] });
    expect(Object.keys(inherited.programVariables)).toHaveLength(3);
  });

  it('do not apply to what a profile with its own services leaves to AWS', () => {
    const config = withDefault('services = local', 'region = eu-west-1');
    const plan = planOf({ config, stored: ['dev'] });
    const sqs = { AWS_ENDPOINT_URL_SQS: 'https://sqs.eu-west-1.amazonaws.com' };
    expect(programIdentity(plan, {}).variables).toEqual({ ...both, ...sqs });
    expect(plan.warnings).toEqual([]);
    expect(identityOf(plan, awsFiles(config)).endpoints).not.toContain(sqs.AWS_ENDPOINT_URL_SQS);
    const environment = { AWS_ENDPOINT_URL_SQS: s3 };
    expect(planOf({ config, stored: ['dev'], environment }).awsEndpoints).toEqual({});
  });

  it.each([
    ['the region is not known', []],
    ['FIPS excludes custom endpoints', ['region = eu-west-1', 'use_fips_endpoint = true']],
    ['dual-stack excludes custom endpoints', ['region = eu-west-1', 'use_dualstack_endpoint = true']],
    ['the suffix of the partition is not known', ['region = us-iso-east-1']],
  ])('are reported in one warning if %s', (_, lines) => {
    const config = withDefault('services = local', ...lines);
    const { warnings, awsEndpoints } = planOf({ config, stored: ['dev'] });
    expect([awsEndpoints, warnings]).toEqual([
      {},
      [
        expect.stringMatching(
          /^\/home\/me\/\.aws\/config:2: programs send sqs to .*config:11 .*\[services local\]/,
        ),
      ],
    ]);
  });

  it('are reported for a service whose endpoint awsh does not know', () => {
    const config = withDefault('services = local', 'region = eu-west-1').replace('sqs', 'iam');
    expect(planOf({ config, stored: ['dev'] }).warnings[0]).toContain('programs send iam to');
  });

  it('are ignored with an endpoint for all services, or for a profile without its own', () => {
    const everywhere = withDefault('services = local', `endpoint_url = ${s3}`, 'region = eu-west-1');
    for (const config of [everywhere, withDefault('region = eu-west-1')]) {
      expect(planOf({ config, stored: ['dev'] })).toMatchObject({ awsEndpoints: {}, warnings: [] });
    }
  });
});
