import { basename } from 'node:path';
import {
  AwshError,
  editCommand,
  hasCode,
  printable,
  readChecked,
  requireUtf8Like,
  shellCommand,
  shellWord,
  UsageError,
} from '../system/index.ts';
import { type Found, FoundKeys } from './found-keys.ts';

export interface ConsoleCsv extends Found {
  /** True if a row also contains the user's console password. */
  readonly holdsPassword: boolean;
}

const largestFile = 1024 * 1024;

/**
 * The keys in a file downloaded from the AWS console ("Access key ID,Secret access key", with a
 * byte order mark and CRLF; older ones also have "User name"). A row without a user's name is
 * stored as `profile`. Throws UsageError if it is not such a file, or if the profile is missing;
 * never quotes a line.
 */
export function readConsoleCsv(path: string, profile: string | undefined, added: Date): ConsoleCsv {
  const [header = [], ...rows] = parseRows(readText(path));
  const names = header.map((title) => title.trim().toLowerCase());
  const column = (name: string) => names.indexOf(name);
  const [id, secret, user] = [column('access key id'), column('secret access key'), column('user name')];
  if (id < 0 || secret < 0) {
    throw notAConsoleFile(path, 'its first line does not name "Access key ID" and "Secret access key"');
  }
  const found = new FoundKeys(added);
  for (const [at, row] of rows.entries()) {
    const name = rows.length === 1 && profile !== undefined ? profile : (row[user] ?? '');
    if (name === '' && rows.length === 1) throw nameMissing(path);
    const place = `${printable(path)}:${at + 2}`;
    if (name === '') {
      const advice = 'write the name of a profile into its column "User name", then import again';
      const next = editCommand(path, at + 2);
      found.passOver(`row ${at + 2}`, `it has no user name to store its key under (${place})`, {
        advice,
        next,
      });
      continue;
    }
    const [accessKeyId = '', value = ''] = [row[id]?.trim(), row[secret]?.trim()];
    found.add({ name, place, accessKeyId, secret: value, hasToken: false });
  }
  if (rows.length === 0) throw notAConsoleFile(path, 'there is no key in it');
  const password = column('password');
  const holdsPassword = password >= 0 && rows.some((row) => (row[password] ?? '').trim() !== '');
  const { keys, passedOver, localOnly } = found;
  return { keys, passedOver, localOnly, holdsPassword };
}

function readText(path: string): string {
  try {
    const bytes = readChecked(path, { largest: largestFile, mayBePipe: true });
    requireUtf8Like(path, bytes);
    return bytes.toString('utf8').replace(/^\ufeff/, '');
  } catch (error) {
    if (error instanceof AwshError) throw error;
    const why = hasCode(error, 'ENOENT')
      ? 'there is no such file'
      : hasCode(error, 'EISDIR')
        ? 'it is a folder'
        : 'it cannot be read';
    throw new UsageError(`${printable(path)}: ${why}`, undefined, `ls -l ${shellWord(path)}`);
  }
}

/** RFC 4180: quoted fields may contain commas, line breaks and doubled quotes. */
function parseRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/g,
  )) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.some((field) => field.trim() !== '')) rows.push(row);
    row = [];
  }
  return rows;
}

function notAConsoleFile(path: string, why: string): UsageError {
  return new UsageError(
    `${printable(path)} is not an access key file of the AWS console`,
    why,
    'download it where the console shows the new key',
  );
}

/** The console names the file after the user: `work_accessKeys.csv`. */
function profileNameOf(path: string): string {
  const name = basename(path)
    .replace(/\.csv$/i, '')
    .replace(/_?accessKeys?( \(\d+\))?$/i, '');
  return /^\w[\w.@+-]*$/.test(name) && name !== 'rootkey' ? name : 'default';
}

function nameMissing(path: string): UsageError {
  return new UsageError(
    'the file does not say which profile its key is for',
    'it has one key and no user name',
    shellCommand`awsh import --csv ${path} ${profileNameOf(path)}`,
  );
}
