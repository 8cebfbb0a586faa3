import { printable, UsageError } from '../system/index.ts';
import type { SessionTag } from './plan-steps.ts';
import { correctionOf, type ProfileSettings, type Setting } from './profile-settings.ts';

/**
 * Checks values that AWS would refuse in a call, while the plan is made, with file and line. The
 * forms are those of the STS API Reference (AssumeRole, AssumeRoleWithWebIdentity, GetSessionToken,
 * Tag, PolicyDescriptorType).
 */
interface Form {
  readonly pattern: RegExp;
  readonly shortest: number;
  readonly longest: number;
  /** The allowed characters, as text for an error. */
  readonly allowed: string;
}

const word = 'letters, digits and _ + = , . @ -';

const forms = {
  role_session_name: { pattern: /^[\w+=,.@-]*$/, shortest: 2, longest: 64, allowed: word },
  source_identity: { pattern: /^[\w+=,.@-]*$/, shortest: 2, longest: 64, allowed: word },
  external_id: { pattern: /^[\w+=,.@:/-]*$/, shortest: 2, longest: 1224, allowed: `${word} : /` },
  mfa_serial: { pattern: /^[\w+=/:,.@-]*$/, shortest: 9, longest: 256, allowed: `${word} / :` },
} satisfies Record<string, Form>;

/**
 * The setting's value if AWS would accept it, or null if there is none. Otherwise throws
 * UsageError.
 */
export function checkedValue(link: ProfileSettings, key: keyof typeof forms): string | null {
  const setting = link.find(key);
  if (setting === null) return null;
  requireForm(setting, key);
  if (key === 'mfa_serial') requireCodes(setting);
  if (key === 'source_identity' && /^aws:/i.test(setting.value)) {
    throw refusal(setting, key, 'AWS reserves names that begin with aws:');
  }
  return setting.value;
}

function requireForm(setting: Setting, key: keyof typeof forms): void {
  const { pattern, shortest, longest, allowed } = forms[key];
  const { value } = setting;
  if (isQuoted(value)) throw refusal(setting, key, `the quotes would be part of it: write it without quotes`);
  if (/\$\{?\w/.test(value)) throw refusal(setting, key, 'variables are not replaced in an AWS config file');
  if (!pattern.test(value)) throw refusal(setting, key, `AWS accepts only ${allowed}`);
  if (value.length < shortest || value.length > longest) {
    throw refusal(
      setting,
      key,
      `AWS accepts ${shortest} to ${longest} characters, and it has ${value.length}`,
    );
  }
}

const mfaArn = /^arn:aws[a-z-]*:iam::[0-9]{12}:(?:sms-)?mfa\/./;

/** A security key signs in to the console and never shows a code; AWS's API cannot use one. */
function requireCodes(setting: Setting): void {
  if (!/^arn:[\w-]+:iam::\d*:(?:u2f|fido)\//.test(setting.value)) {
    if (!/^arn:/i.test(setting.value) || mfaArn.test(setting.value)) return;
    throw refusal(
      setting,
      'mfa_serial',
      'it is not the ARN of an MFA device, like arn:aws:iam::123456789012:mfa/NAME',
    );
  }
  throw new UsageError(
    `${setting.from}: mfa_serial names a security key (FIDO, U2F), which has no code to type`,
    'AWS accepts codes only from authenticator apps and hardware tokens, and a user may have eight devices',
    'add an authenticator app to the user in IAM, and write its ARN (…:mfa/NAME) into mfa_serial',
  );
}

export function isQuoted(value: string): boolean {
  return /^(["'\u201c\u201d\u2018\u2019]).*(["'\u201c\u201d\u2018\u2019])$/u.test(value);
}

/** Shows the value unless it may be a secret, as external_id may be. */
function refusal(setting: Setting, key: string, why: string): UsageError {
  const { from, value } = setting;
  const shown = key === 'external_id' ? '' : `: ${JSON.stringify(printable(value.slice(0, 80)))}`;
  const what = `${from}: AWS does not accept this value for ${key}${shown}`;
  return new UsageError(what, why, correctionOf(setting));
}

const mostTags = 50;

/** `session_tags`, already parsed. */
export function checkedTags(tags: readonly SessionTag[], setting: Setting | null): readonly SessionTag[] {
  if (setting === null) return tags;
  const seen = new Set<string>();
  for (const { key, value } of tags) {
    requireTagKey(key, setting, 'session_tags');
    if (value.length > 256 || !isTagText(value)) {
      throw refusal(
        setting,
        'session_tags',
        `the value of ${printable(key)} is too long, or has characters that AWS does not accept`,
      );
    }
    if (seen.has(key.toLowerCase())) {
      throw refusal(
        setting,
        'session_tags',
        `${printable(key)} is in it twice (AWS ignores the case of letters)`,
      );
    }
    seen.add(key.toLowerCase());
  }
  if (tags.length > mostTags) throw refusal(setting, 'session_tags', `AWS accepts at most ${mostTags} tags`);
  return tags;
}

export function checkedTagKeys(keys: readonly string[], setting: Setting | null): readonly string[] {
  if (setting === null) return keys;
  for (const key of keys) requireTagKey(key, setting, 'transitive_session_tags');
  if (keys.length > mostTags) {
    throw refusal(setting, 'transitive_session_tags', `AWS accepts at most ${mostTags} tags`);
  }
  return keys;
}

/**
 * Each key must be one of the session's own tags (STS API Reference, AssumeRole,
 * TransitiveTagKeys).
 */
export function requireAmongTags(
  keys: readonly string[],
  tags: readonly SessionTag[],
  setting: Setting | null,
): void {
  const known = new Set(tags.map(({ key }) => key.toLowerCase()));
  const unknown = keys.find((key) => !known.has(key.toLowerCase()));
  if (setting === null || unknown === undefined) return;
  throw refusal(
    setting,
    'transitive_session_tags',
    `${JSON.stringify(printable(unknown))} is not one of session_tags`,
  );
}

/** A function, because V8 builds the classes of such a pattern when it meets it. */
function isTagText(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}

function requireTagKey(key: string, setting: Setting, name: string): void {
  if (key === '') throw refusal(setting, name, 'a tag in it has no name');
  if (key.length > 128 || !isTagText(key)) {
    throw refusal(setting, name, 'the name of a tag is too long, or has characters that AWS does not accept');
  }
  if (/^aws:/i.test(key)) throw refusal(setting, name, 'AWS reserves names that begin with aws:');
}

/** A session policy: one JSON object of at most 2,048 characters. */
export function checkedPolicy(link: ProfileSettings): string | null {
  const setting = link.find('policy');
  if (setting === null) return null;
  const { from, value } = setting;
  const why = policyFault(value);
  if (why !== null) {
    throw new UsageError(`${from}: AWS does not accept this value for policy`, why, correctionOf(setting));
  }
  return value;
}

/** Why AWS would refuse this text as a session policy; null if it would not. */
export function policyFault(value: string): string | null {
  if (value.length > 2048) return `AWS accepts at most 2,048 characters, and it has ${value.length}`;
  if (!/^[\t\n\r -\u00ff]*$/.test(value)) return 'AWS accepts no characters beyond Latin-1 in it';
  if (isPolicy(value)) return null;
  return 'a session policy is a JSON object with a Statement, like {"Version":"2012-10-17","Statement":[…]}';
}

function isPolicy(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'Statement' in value;
  } catch {
    return false;
  }
}

const policyArn = /^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy\/[!-~]{1,512}$/;

export function isPolicyArn(arn: string): boolean {
  return policyArn.test(arn);
}

export function checkedPolicyArns(arns: readonly string[], setting: Setting | null): readonly string[] {
  if (setting === null) return arns;
  const wrong = arns.find((arn) => !isPolicyArn(arn));
  if (wrong !== undefined) {
    throw refusal(
      setting,
      'policy_arns',
      'one of them is not the ARN of a policy, like arn:aws:iam::aws:policy/ReadOnlyAccess',
    );
  }
  if (arns.length > 10) throw refusal(setting, 'policy_arns', 'AWS accepts at most ten policies');
  return arns;
}
