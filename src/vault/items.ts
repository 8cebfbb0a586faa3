import { type Credentials, printable, Secret, UsageError } from '../system/index.ts';
import type { AccessKey, SessionRecord } from './records.ts';
import { CorruptItemError } from './vault-errors.ts';

/** The version of the texts below; a reader refuses unknown versions. */
const itemVersion = 1;

/**
 * 16 to 128 characters (IAM API reference, AccessKey), only capitals and digits, as in all of IAM's
 * ids. IAM's own pattern also allows small letters, and would accept a secret access key given in
 * place of the id; ids are stored unencrypted.
 */
export function isAccessKeyId(text: string): boolean {
  return /^[A-Z0-9]{16,128}$/.test(text);
}

/**
 * The key id of a local AWS emulator, such as LocalStack's `test`: any word that is too short to be
 * a secret access key, because ids are stored unencrypted.
 */
export function isLocalKeyId(text: string): boolean {
  // An id that begins like AWS's own is incomplete.
  return /^(?!A[KS]IA)[\w.-]{1,32}$/.test(text);
}

/**
 * True for a profile's name that a backend and the index can store: no control characters, at most
 * 256 characters.
 */
export function isStorableName(name: string): boolean {
  return name.length > 0 && name.length <= 256 && printable(name) === name;
}

export const accessKeyItem = (profile: string) => `access-key.${profile}`;
/** A new key that is about to replace the one with this id. */
export const pendingKeyItem = (accessKeyId: string) => `pending-key.${accessKeyId}`;
export const sessionItem = (id: string) => `session.${id}`;

/** Throws UsageError, before it is stored, for a key that AWS could not have issued. */
export function checkAccessKey(profile: string, key: AccessKey): void {
  if (!isStorableName(profile)) {
    throw new UsageError(
      `cannot store a key as ${JSON.stringify(printable(profile).slice(0, 80))}`,
      'a name is 1 to 256 printable characters',
    );
  }
  if (!isAccessKeyId(key.accessKeyId) && !isLocalKeyId(key.accessKeyId)) {
    throw new UsageError(
      'that is not an access key id',
      'it has 16 to 128 capital letters and digits, like AKIAIOSFODNN7EXAMPLE',
    );
  }
  if (key.secretAccessKey.reveal() === '')
    throw new UsageError('the secret access key is empty', 'AWS makes one of 40 characters');
}

export function encodeAccessKey(key: AccessKey): Secret {
  return encode('access-key', {
    accessKeyId: key.accessKeyId,
    secretAccessKey: key.secretAccessKey.reveal(),
    added: key.added.toISOString(),
  });
}

export function decodeAccessKey(item: string, value: Secret): AccessKey {
  const fields = decode(item, 'access-key', value);
  return {
    accessKeyId: text(item, fields, 'accessKeyId'),
    secretAccessKey: new Secret(text(item, fields, 'secretAccessKey')),
    added: date(item, fields, 'added'),
  };
}

export function encodeSession(record: SessionRecord, credentials: Credentials): Secret {
  return encode('session', {
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken?.reveal() ?? null,
    expiration: (credentials.expiration ?? record.expires).toISOString(),
    accountId: credentials.accountId,
    arn: credentials.arn,
  });
}

export function decodeSession(item: string, value: Secret): Credentials & { expiration: Date } {
  const fields = decode(item, 'session', value);
  const token = optionalText(item, fields, 'sessionToken');
  return {
    accessKeyId: text(item, fields, 'accessKeyId'),
    secretAccessKey: new Secret(text(item, fields, 'secretAccessKey')),
    sessionToken: token === null ? null : new Secret(token),
    expiration: date(item, fields, 'expiration'),
    accountId: optionalText(item, fields, 'accountId'),
    arn: optionalText(item, fields, 'arn'),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function encode(type: string, fields: Fields): Secret {
  return new Secret(JSON.stringify({ version: itemVersion, type, ...fields }));
}

function decode(item: string, type: string, value: Secret): Fields {
  let fields: unknown;
  try {
    fields = JSON.parse(value.reveal());
  } catch {
    // JSON.parse quotes the text in its message, so that error is dropped.
    throw new CorruptItemError(item, 'it is not what awsh wrote there');
  }
  if (typeof fields !== 'object' || fields === null)
    throw new CorruptItemError(item, 'it is not what awsh wrote there');
  if (!('version' in fields) || fields.version !== itemVersion) {
    throw new CorruptItemError(item, 'its format is not known to this version of awsh');
  }
  if (!('type' in fields) || fields.type !== type)
    throw new CorruptItemError(item, 'it is an item of another kind');
  return fields as Fields;
}

function text(item: string, fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new CorruptItemError(item, `it has no ${name}`);
  return value;
}

function optionalText(item: string, fields: Fields, name: string): string | null {
  return fields[name] === undefined || fields[name] === null ? null : text(item, fields, name);
}

function date(item: string, fields: Fields, name: string): Date {
  const value = new Date(text(item, fields, name));
  if (Number.isNaN(value.getTime())) throw new CorruptItemError(item, `its ${name} is not a date`);
  return value;
}
