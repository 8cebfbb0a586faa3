/** The hosts in the AWS CLI's own list (awscli/customizations/sso), and the service's own. */
const awsHosts =
  /(^|\.)(awsapps\.com|awsapps\.cn|app\.aws|portal\.amazonaws\.com|portal\.amazonaws\.com\.cn|portal\.amazonaws\.eu|app\.amazonwebservices\.com\.cn|api\.amazonwebservices\.eu)$|^identitycenter\.(amazonaws\.(com|com\.cn|eu)|us-gov\.amazonaws\.com)$|^device\.sso\.[a-z0-9-]+\.(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu)$|^[a-z0-9-]+\.signin\.aws$/;

/** True for a host on which AWS shows the pages of IAM Identity Center. */
export function isAwsHost(hostname: string): boolean {
  return awsHosts.test(hostname.toLowerCase());
}
