import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { homeFolder, makeDirectories, printable, UsageError, writeFileAtomic } from '../system/index.ts';
import { listSeparators, type SettingKey, settingKeys, settingRules, settingTexts } from './setting-rules.ts';
import { parseSettings } from './settings.ts';
import { entriesOf, parseSettingLines, readSettingsText, type SettingLine } from './settings-file.ts';

/** The content of the settings file, in order. */
export function listSettings(path: string): SettingLine[] {
  return parseSettingLines(readSettingsText(path), path);
}

/**
 * Sets a setting's values, one a line; without values it is removed. Comments and other lines are
 * unchanged, and a symbolic link is kept. Throws UsageError, with nothing changed, if the file
 * would become invalid.
 */
export function setSetting(
  path: string,
  key: string,
  values: string | readonly string[],
  home = homeFolder(process.env),
): void {
  const known = settingKeys.find((name) => name === key);
  if (known === undefined) {
    throw new UsageError(`no setting is called ${printable(key)}`, `there are: ${settingKeys.join(', ')}`);
  }
  const written = typeof values === 'string' ? [values] : values;
  checkValues(known, written, home);
  const before = readSettingsText(path);
  const after = withSetting(before, path, known, written);
  parseSettings(after, path, home);
  if (after === before) return;
  makeDirectories(dirname(path));
  writeFileAtomic(existsSync(path) ? realpathSync(path) : path, after);
}

/** Throws UsageError, with the allowed values, for a value that is not allowed. */
function checkValues(key: SettingKey, values: readonly string[], home: string): void {
  const next = `awsh config set ${key} ${settingTexts[key].example}`;
  if (values.length > 1 && listSeparators[key] === undefined) {
    throw new UsageError(`${key} takes one value, not ${values.length}`, undefined, next);
  }
  const rule = settingRules(home)[key];
  const whole = values.length > 1;
  const entries = values.flatMap((value) => entriesOf({ key, value, whole, line: 0 }));
  const wrong = entries.find((entry) => rule.read(entry) === undefined || printable(entry) !== entry);
  if (wrong === undefined) return;
  throw new UsageError(
    `${key} cannot be ${JSON.stringify(printable(wrong))}`,
    `allowed: ${rule.allowed}`,
    next,
  );
}

function withSetting(text: string, path: string, key: SettingKey, values: readonly string[]): string {
  const lines = text.split('\n');
  const carriageReturn = text.includes('\r\n') ? '\r' : '';
  if (lines.at(-1) === '') lines.pop();
  const places = parseSettingLines(text, path)
    .filter((line) => line.key === key)
    .map((line) => line.line - 1);
  const at = places[0] ?? lines.length;
  const written = values.map(
    (value) => `${key}${values.length > 1 ? '[]' : ''} = ${quoted(value)}${carriageReturn}`,
  );
  const kept = lines.filter((_, index) => !places.includes(index));
  kept.splice(at, 0, ...written);
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

/** Quoted so that `ini` reads it back, if plain text could be read as something else. */
function quoted(value: string): string {
  return /^[\w~@%+:,./*?-]+( +[\w~@%+:,./*?-]+)*$/.test(value) ? value : JSON.stringify(value);
}
