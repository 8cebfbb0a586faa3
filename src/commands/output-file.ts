import { lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  type AppPaths,
  followLinks,
  othersCanWrite,
  printable,
  readChecked,
  shellCommand,
  UsageError,
  writeFileAtomic,
} from '../system/index.ts';

/**
 * Writes exported credentials to a file, atomically, with mode 0600. Follows a symbolic link only
 * in a folder of the user's own. Throws UsageError for a file that contains anything other than an
 * earlier export, so that no data of the user's is lost.
 */
export function writeExport(
  file: string,
  text: string,
  { cwd, paths }: { cwd: string; paths: AppPaths },
): void {
  const path = resolve(cwd, file);
  const shown = printable(path);
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(
      `there is no folder for ${shown}`,
      `${printable(folder)} is not one`,
      shellCommand`mkdir -p ${folder}`,
    );
  // A pipe has no name to follow a link to.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false)
    throw new UsageError(
      `${shown} is not a regular file`,
      'an export replaces a file as a whole; name another file, or print it on stdout',
      shellCommand`ls -ld ${path}`,
    );
  const target = targetOf(path);
  const stat = lstatSync(target, { throwIfNoEntry: false });
  if ([paths.awsConfig, paths.awsCredentials].some((known) => isSameFile(known, target)))
    throw new UsageError(
      `${shown} is a file of the AWS CLI`,
      'an export replaces a file as a whole; name another file',
    );
  if (stat !== undefined && !isExport(readChecked(target).toString('utf8')))
    throw new UsageError(
      `${shown} is not an earlier export`,
      'an export replaces a file as a whole; name another file',
    );
  writeFileAtomic(target, text);
}

/** The file to be replaced: the target of a link, or the file itself. */
function targetOf(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return join(realpathSync(dirname(path)), path.slice(path.lastIndexOf('/') + 1));
  }
  const folder = statSync(dirname(path));
  if (folder.uid === process.getuid?.() && !othersCanWrite(folder)) return followLinks(path);
  throw new UsageError(
    `${printable(path)} is a symbolic link in a folder that others can write to`,
    'anyone who can change the link can choose where the keys go; name another file',
  );
}

function isSameFile(one: string, two: string): boolean {
  if (resolve(one) === two) return true;
  const [a, b] = [one, two].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

/** The form of each line that an export can contain. */
const exportLine =
  /^\s*$|^[#[{}]|^(export |set -gx |set -e |set "|unset |\$Env:|Remove-Item Env:)?AWS_[A-Z0-9_]+\b|^Remove-Item Env:AWS_|^\s+"(Version|AccessKeyId|SecretAccessKey|SessionToken|Expiration)":|^(aws_|region\b|endpoint_url\b|ca_bundle\b|use_|ignore_configured_|x_security_token_expires\b)/;

function isExport(text: string): boolean {
  return text.length < 65_536 && text.split('\n').every((line) => exportLine.test(line));
}
