/* Completions for values that may be anything. A value that is not here is still accepted. */

/** The regions of every partition (the SDK's partitions.json). */
export const awsRegions = words(`
  af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
  ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
  ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
  il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2
  cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1
  eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1
`);

/**
 * Services whose console page is at their own name or known to src/console; granted's names too.
 */
export const consoleServices = words(`
  acm aos apigateway apigw appsync athena backup bedrock billing c9 ce cf cfn cloudformation cloudfront cloudmap
  cloudtrail cloudwatch codeartifact codebuild codecommit codedeploy codepipeline codesuite config controltower ct cw ddb
  dms dx dynamodb eb ebs ec2 ecr ecs efs eks elasticache eventbridge events gd glue grafana guardduty iam kinesis kms l
  lambda logs mwaa organizations orgs param r53 ram rds redshift route53 s3 sagemaker scrh scrm secretsmanager
  securityhub ses sfn sm sns sqs ssm sso states stepfn stepfunctions tra trustedadvisor vpc waf wafv2
`);

/** The browsers that src/console knows. */
export const browsers = words('firefox chrome chromium edge brave');

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
