import { UsageError } from './errors.ts';
import { printable } from './printable.ts';
import { shellWord } from './quote-posix.ts';

/**
 * Throws UsageError for a file in UTF-16, with or without a byte order mark: read as UTF-8 it would
 * look like a file without keys.
 */
export function requireUtf8Like(path: string, bytes: Uint8Array): void {
  const encoding = utf16Of(bytes);
  if (encoding === null) return;
  const [file, copy] = [shellWord(path), shellWord(`${path}.utf16`)];
  throw new UsageError(
    `${printable(path)} is encoded in UTF-16`,
    'awsh and the AWS SDKs read UTF-8; this command converts the file',
    `cp -p ${file} ${copy} && iconv -f ${encoding} -t UTF-8 ${copy} > ${file} && rm ${copy}`,
  );
}

/**
 * iconv's name of the encoding; null for anything else. Without a mark: every second byte of the
 * first ones is 0.
 */
function utf16Of(bytes: Uint8Array): string | null {
  const [first = -1, second = -1] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  const start = bytes.subarray(0, Math.min(bytes.length, 64) & ~1);
  if (start.length < 4) return null;
  const isZero = (parity: number) => start.every((byte, at) => (at % 2 === parity) === (byte === 0));
  return isZero(1) ? 'UTF-16LE' : isZero(0) ? 'UTF-16BE' : null;
}
