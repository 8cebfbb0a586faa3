import { editCommand } from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import type { SessionTag } from './plan-steps.ts';
import type { Setting } from './profile-settings.ts';

/** `session_tags`: `key=value,key=value` (aws-vault, vault/config.go SetSessionTags). */
export function parseSessionTags(setting: Setting | null): SessionTag[] {
  if (setting === null) return [];
  return setting.value.split(',').map((pair) => {
    const cut = pair.indexOf('=');
    if (cut === -1) {
      throw new UsageError(
        `${setting.from}: session_tags must be key=value,key=value`,
        `${JSON.stringify(printable(pair.trim()))} has no =`,
        setting.place === null ? undefined : editCommand(setting.place),
      );
    }
    return { key: pair.slice(0, cut).trim(), value: pair.slice(cut + 1).trim() };
  });
}

/** A comma-separated list, without blanks around its items and without empty items. */
export function parseList(setting: Setting | null): string[] {
  const items = setting?.value.split(',').map((item) => item.trim()) ?? [];
  return items.filter((item) => item !== '');
}
