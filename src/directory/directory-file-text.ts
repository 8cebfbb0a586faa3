import { AwshError, operandWord, UsageError } from '../system/index.ts';
import { parseDirectoryFile } from './parse-directory-file.ts';

/**
 * The content of a directory file that names this profile. Throws UsageError if no directory file
 * can name it.
 */
export function directoryFileText(profile: string): string {
  const text = [`${profile}\n`, `profile = ${profile}\n`].find((content) => names(content, profile));
  if (text !== undefined) return text;
  throw new UsageError(
    'an .awsprofile cannot name this profile',
    'it holds printable ASCII, without quotes, backslashes or comments, in at most 512 bytes; awsh use takes any name, for one shell',
    `awsh use ${operandWord(profile)}`,
  );
}

function names(content: string, profile: string): boolean {
  if (Buffer.byteLength(content) > 512) return false;
  try {
    return parseDirectoryFile(Buffer.from(content), '').profile === profile;
  } catch (error) {
    if (error instanceof AwshError) return false;
    throw error;
  }
}
