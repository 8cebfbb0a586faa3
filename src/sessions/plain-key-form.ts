/** Checks whether a key in plain text in an AWS file can be one that AWS issued. */
import { editCommand } from '../profiles/index.ts';
import { UsageError } from '../system/index.ts';
import { accessKeyIdFault, awsKeyIdFault, secretKeyFault } from '../vault/index.ts';
import type { ProfileSettings, Setting } from './profile-settings.ts';

/** Throws UsageError, with file and line, if AWS would refuse the key for its form. */
export function requirePlainKeyForm(link: ProfileSettings, id: Setting, secret: Setting): void {
  const idFault = idFaultOf(link, id.value);
  if (idFault !== null) throw wrongKey('aws_access_key_id', id, idFault);
  const secretFault = secretKeyFault(secret.value);
  if (secretFault !== null) throw wrongKey('aws_secret_access_key', secret, secretFault);
}

function idFaultOf(link: ProfileSettings, id: string): string | null {
  if (!isAwsItself(link)) return /^\w+$/.test(id) ? null : accessKeyIdFault(id);
  const fault = awsKeyIdFault(id);
  if (fault !== null) return fault;
  const hasToken = link.property('aws_session_token') ?? link.property('aws_security_token');
  if (!id.startsWith('ASIA') || hasToken) return null;
  return 'it begins with ASIA, so it is a temporary key, and its aws_session_token is missing';
}

const secretLength = 40;

/** A warning, with file and line, for a secret that was probably cut off when it was copied. */
export function shortSecretWarning(link: ProfileSettings): string[] {
  const [id, secret] = [link.property('aws_access_key_id'), link.property('aws_secret_access_key')];
  if (id === null || secret === null || !isAwsItself(link) || !/^A[KS]IA/.test(id.value)) return [];
  const { length } = secret.value;
  if (length === secretLength) return [];
  return [
    `${secret.from}: aws_secret_access_key has ${length} characters, and a secret key of AWS has ${secretLength}: AWS will most likely refuse it`,
  ];
}

/**
 * False if calls go to another endpoint: an emulator accepts keys that AWS never issues, like
 * `test`.
 */
function isAwsItself(link: ProfileSettings): boolean {
  const configured =
    link.property('endpoint_url') ?? link.variable('AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_STS');
  if (configured !== null) return isAwsHost(configured.value);
  return link.property('services') === null;
}

function isAwsHost(url: string): boolean {
  return /^https?:\/\/(?:[\w-]+\.)*(?:amazonaws\.com(?:\.cn)?|api\.aws)\.?(?::\d+)?(?:\/|$)/i.test(url);
}

/** The value is not shown, because it may be the secret in place of the id. */
function wrongKey(key: string, { from, place }: Setting, why: string): UsageError {
  return new UsageError(
    `${from}: ${key} does not have the form of a key from AWS`,
    why,
    place === null ? undefined : editCommand(place),
  );
}
