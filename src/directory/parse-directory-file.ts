import { DirectoryFileError } from './directory-file-error.ts';

/** What a directory file asks for. */
export interface DirectoryFileContent {
  /** Null if the file is empty, or contains only comments. */
  readonly profile: string | null;
  readonly region: string | null;
  /** The account that the credentials must belong to. */
  readonly account: string | null;
  /** Only what AWS's ReadOnlyAccess allows. */
  readonly readOnly: boolean;
  /** Only what one of these managed policies allows; empty for all of the profile's permissions. */
  readonly policyArns: readonly string[];
}

const keys = ['profile', 'region', 'account', 'read-only', 'policy-arn'] as const;

type Key = (typeof keys)[number];

/**
 * The form of each value, and its description for errors. The region's form is that of security
 * rule 7.
 */
const forms: Record<Key, { form: RegExp; allowed: string }> = {
  profile: { form: /^[^"'\\]+$/, allowed: 'the name of a profile, without quotes' },
  region: { form: /^[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}$/, allowed: 'the name of a region, like eu-west-1' },
  account: { form: /^[0-9]{12}$/, allowed: 'an account id of twelve digits' },
  // A directory can only remove permissions, so `false` would have no meaning.
  'read-only': { form: /^true$/, allowed: 'true' },
  'policy-arn': {
    form: /^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy\/[\w+=,.@/-]+(, *arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy\/[\w+=,.@/-]+)*$/,
    allowed: 'ARNs of policies, with commas between them',
  },
};

/**
 * Either one bare word, the profile's name, or lines `key = value` with the keys above. A line that
 * begins with `#` or `;` is a comment. A name with spaces needs the second form: `profile = my
 * profile`. Printable ASCII, lines ended by LF or CRLF; no sections, quotes, escapes or comments
 * after a value. Otherwise throws DirectoryFileError.
 */
export function parseDirectoryFile(bytes: Uint8Array, path: string): DirectoryFileContent {
  const text = asciiText(bytes, path);
  const found = new Map<Key, string>();
  let bareWord = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const fail = (fault: string) => new DirectoryFileError(path, index + 1, fault);
    const isBare = !line.includes('=');
    if (bareWord || (isBare && found.size > 0)) throw fail('write one name alone, or only key = value lines');
    const [key, value] = isBare ? bareName(line, fail) : keyAndValue(line, fail);
    if (found.has(key)) throw fail(`${key} is in the file twice`);
    found.set(key, value);
    bareWord = isBare;
  }
  if (found.size > 0 && !found.has('profile'))
    throw new DirectoryFileError(path, null, 'it names no profile');
  if (found.has('read-only') && found.has('policy-arn'))
    throw new DirectoryFileError(
      path,
      null,
      'read-only and policy-arn cannot be used together: AWS allows everything that either of them allows',
    );
  const value = (key: Key) => found.get(key) ?? null;
  return {
    profile: value('profile'),
    region: value('region'),
    account: value('account'),
    readOnly: found.has('read-only'),
    policyArns: value('policy-arn')?.split(/, *(?=arn:)/) ?? [],
  };
}

type Fail = (fault: string) => DirectoryFileError;

function bareName(line: string, fail: Fail): [Key, string] {
  if (line.startsWith('[')) throw fail('an .awsprofile has no sections');
  if (line.includes(' ')) throw fail('more than one word; a name with spaces is written: profile = NAME');
  return ['profile', checked('profile', line, fail)];
}

function keyAndValue(line: string, fail: Fail): [Key, string] {
  const [, name = '', value = ''] = /^([^=]*?) *= *(.*)$/.exec(line) ?? [];
  const key = keys.find((known) => known === name);
  if (key === undefined)
    throw fail(`no such key; the keys are ${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}`);
  if (/(^| )[#;]/.test(value)) throw fail('a comment must be on its own line');
  return [key, checked(key, value, fail)];
}

function checked(key: Key, value: string, fail: Fail): string {
  const { form, allowed } = forms[key];
  if (!form.test(value)) throw fail(`${key} must be ${allowed}`);
  return value;
}

/**
 * The text with LF only. `cat` must show what is read: a lone CR, an escape or a NUL would hide a
 * line.
 */
function asciiText(bytes: Uint8Array, path: string): string {
  const text = Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n');
  const odd = /[^\n\x20-\x7e]/.exec(text);
  if (odd === null) return text;
  const line = text.slice(0, odd.index).split('\n').length;
  throw new DirectoryFileError(path, line, `${nameOf(odd[0], odd.index, text)}; the file is printable ASCII`);
}

function nameOf(character: string, index: number, text: string): string {
  if (index === 0 && text.startsWith('\xef\xbb\xbf')) return 'there is a byte order mark';
  if (character === '\t') return 'there is a tab';
  if (character === '\r') return 'there is a carriage return within a line';
  return 'there is a character that is not text';
}
