import { AwshError, editCommand, printable } from '../system/index.ts';

/**
 * Exit 2: a directory file that is not used. Names file and line, and never quotes the content,
 * because others wrote it.
 */
export class DirectoryFileError extends AwshError {
  override readonly name = 'DirectoryFileError';

  constructor(
    readonly path: string,
    /** Counted from 1; null if the fault concerns the whole file. */
    readonly line: number | null,
    fault: string,
    next?: string,
  ) {
    const place = line === null ? printable(path) : `${printable(path)}:${line}`;
    super('usage', `${place} is not used`, fault, next ?? editCommand(path, line));
  }
}
