/*
 * The names that `--service` accepts, and their console pages. granted's short names mean the same
 * as there (its documentation, "assume -c -s"). A name that is not in this list is its own page.
 */

/** A page, and the names that lead to it. */
const pages = `
  apigateway: apigw
  cloud9: c9
  cloudformation: cfn
  cloudfront: cf
  cloudtrail: ct
  cloudwatch: cw
  codesuite/codeartifact: codeartifact
  codesuite/codecommit: codecommit
  cost-management: ce
  directconnect/v2: dx
  dms/v2: dms
  dynamodbv2: ddb dynamodb
  ec2/v2: ec2
  elasticbeanstalk: eb ebs
  events: eventbridge
  guardduty: gd
  iamv2: iam
  lambda: l
  organizations/v2: orgs organizations
  redshiftv2: redshift
  route53/v2: r53 route53
  secretsmanager: scrm sm
  securityhub: scrh
  singlesignon: sso
  sqs/v3: sqs
  states: sfn stepfn stepfunctions
  systems-manager: ssm
  systems-manager/parameters: param
  trustedadvisor: tra
  wafv2/homev2: wafv2
  wafv2: waf
`;

const pageOf = new Map(
  pages
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [page = '', names = ''] = line.trim().split(': ');
      return names.split(' ').map((name) => [name, page] as const);
    }),
);

/** The page of a service, by its name or a short one. */
export function servicePage(service: string): string {
  if (service === 'logs') return 'cloudwatch/home#logsV2:log-groups';
  return `${pageOf.get(service) ?? service}/home`;
}
