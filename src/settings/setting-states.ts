import type { Environment } from '../system/index.ts';
import { listSeparators, type SettingKey, settingKeys, settingTexts } from './setting-rules.ts';
import { parseSettings } from './settings.ts';
import { entriesOf, parseSettingLines, readSettingsText, type SettingLine } from './settings-file.ts';

/** A setting as commands see it, and its source. */
export interface SettingState {
  readonly key: SettingKey;
  readonly isList: boolean;
  /** As written; empty if nothing is set and awsh chooses by itself. */
  readonly values: readonly string[];
  readonly from: 'file' | 'environment' | 'default';
  /** `FILE:LINE` or the variable's name; null for a default. */
  readonly place: string | null;
  readonly meaning: string;
}

/**
 * All settings, in alphabetical order. Variables count only for commands; for a `cd` only the file
 * counts. Throws UsageError as `readSettings` does.
 */
export function settingStates(path: string, environment: Environment, home: string): SettingState[] {
  const text = readSettingsText(path);
  parseSettings(text, path, home);
  const lines = parseSettingLines(text, path);
  return settingKeys.map((key) => {
    const own = lines.filter((line) => line.key === key);
    return stateOf(key, own, environment, path);
  });
}

function stateOf(
  key: SettingKey,
  lines: readonly SettingLine[],
  environment: Environment,
  path: string,
): SettingState {
  const { meaning, fallback, variables } = settingTexts[key];
  const isList = listSeparators[key] !== undefined;
  const about = { key, isList, meaning };
  for (const variable of variables) {
    const [name = '', only] = variable.split('=');
    const value = environment[name];
    if (value && (only === undefined || only === value)) {
      return { ...about, values: [value], from: 'environment', place: name };
    }
  }
  const [first] = lines;
  if (first === undefined) {
    return { ...about, values: fallback === null ? [] : [fallback], from: 'default', place: null };
  }
  return { ...about, values: lines.flatMap(entriesOf), from: 'file', place: `${path}:${first.line}` };
}
