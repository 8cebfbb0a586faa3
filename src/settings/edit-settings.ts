import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { printable, UsageError, writeFileAtomic } from '../system/index.ts';
import { parseSettings } from './settings.ts';
import {
  parseSettingLines,
  readSettingsText,
  type SettingKey,
  type SettingLine,
  settingKeys,
} from './settings-file.ts';

/** What stands in the settings file, in its order. */
export function listSettings(path: string): SettingLine[] {
  return parseSettingLines(readSettingsText(path), path);
}

/**
 * Makes the file give this key these values, one a line; none takes the setting out. Comments and other lines stay as
 * they are, a symbolic link stays a link. UsageError, and nothing changed, where the file would not be right.
 */
export function setSetting(
  path: string,
  key: string,
  values: string | readonly string[],
  home = homedir(),
): void {
  const known = settingKeys.find((name) => name === key);
  if (known === undefined) {
    throw new UsageError(`no setting is called ${printable(key)}`, `there are: ${settingKeys.join(', ')}`);
  }
  const before = readSettingsText(path);
  const after = withSetting(before, path, known, typeof values === 'string' ? [values] : values);
  parseSettings(after, path, home);
  if (after === before) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileAtomic(existsSync(path) ? realpathSync(path) : path, after);
}

function withSetting(text: string, path: string, key: SettingKey, values: readonly string[]): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const places = parseSettingLines(text, path)
    .filter((line) => line.key === key)
    .map((line) => line.line - 1);
  const at = places[0] ?? lines.length;
  const written = values.map((value) => `${key}${values.length > 1 ? '[]' : ''} = ${quoted(value)}`);
  const kept = lines.filter((_, index) => !places.includes(index));
  kept.splice(at, 0, ...written);
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

/** Quoted, as `ini` reads it back, wherever plain text could be read as something else. */
function quoted(value: string): string {
  return /^[\w~@%+:,./*?-]+( +[\w~@%+:,./*?-]+)*$/.test(value) ? value : JSON.stringify(value);
}
