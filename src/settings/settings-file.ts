import type { Stats } from 'node:fs';
import { unsafe } from 'ini';
import { othersCanWrite, printable, readFileIfThere, shellCommand, UsageError } from '../system/index.ts';
import { listSeparators, type SettingKey, settingKeys } from './setting-rules.ts';

/**
 * One line of the file. `whole`: written as `key[] = …`, so the value is one entry and is not
 * split.
 */
export interface SettingLine {
  readonly key: SettingKey;
  readonly value: string;
  readonly whole: boolean;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * The entries of a line: for a list, the parts between its separators, unless the line is written
 * as `key[] = …`.
 */
export function entriesOf({ key, value, whole }: SettingLine): string[] {
  const separator = whole ? undefined : listSeparators[key];
  return (separator === undefined ? [value] : value.split(separator)).map((entry) => entry.trim());
}

/**
 * The file's text, `''` if there is none. Anyone who can write this file controls what is trusted,
 * so like ssh's it must belong to the user (or root) and not be writable by others.
 */
export function readSettingsText(path: string): string {
  const check = (stat: Stats) => {
    const shown = printable(path);
    if (!stat.isFile()) throw new UsageError(`${shown} is not a file`);
    if (stat.uid !== process.getuid?.() && stat.uid !== 0) {
      throw new UsageError(`${shown} is not used`, 'it belongs to another user', shellCommand`ls -l ${path}`);
    }
    if (othersCanWrite(stat)) {
      throw new UsageError(
        `${shown} is not used`,
        'other users can write it',
        shellCommand`chmod go-w ${path}`,
      );
    }
  };
  return (readFileIfThere(path, { check }) ?? '').replace(/^\ufeff/, '');
}

/**
 * The file's lines by the `ini` package's rules for quotes and escapes, but stricter where `ini`
 * would silently drop a protection: unknown settings, sections, and an unquoted value that a `#` or
 * `;` would cut short are errors.
 */
export function parseSettingLines(text: string, path: string): SettingLine[] {
  const lines: SettingLine[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line !== '' && !/^[#;]/.test(line)) lines.push(parseLine(line, index + 1, path));
  }
  return lines;
}

function parseLine(text: string, line: number, path: string): SettingLine {
  const fail = (what: string, why: string): never => {
    throw new UsageError(`${printable(path)}:${line}: ${printable(what)}`, why);
  };
  const [, name = '', list, written = ''] = /^([^=[\]\s]+)(\[\])?\s*=\s*(.*)$/.exec(text) ?? [];
  if (name === '') return fail('this is not a setting', 'a setting is a line like: key = value');
  const key = settingKeys.find((known) => known === name);
  if (key === undefined) return fail(`no setting is called ${name}`, `there are: ${settingKeys.join(', ')}`);
  const quoted = /^(["'])(.*)\1$/.exec(written);
  if (quoted === null && /(?<!\\)[#;]/.test(written)) {
    return fail(
      `${key} has a # or ; in it`,
      'comments must be on their own lines; a value with # or ; must be quoted',
    );
  }
  // unsafe() parses the content of single quotes as JSON, which may be a number or an object.
  const read: unknown = unsafe(written);
  const value = typeof read === 'string' ? read : (quoted?.[2] ?? written);
  if (printable(value) !== value) return fail(`${key} has control characters in it`, 'a value is plain text');
  return { key, value, whole: list !== undefined, line };
}
