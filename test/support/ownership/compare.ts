import type { Look } from './shells.ts';

/* Compares the variables of a shell with those of its twin. */

export const keyNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
export const isAws = (name: string) => /^AWS(?!H_)/.test(name);
export const pick = (look: Look, isWanted: (name: string) => boolean) =>
  Object.fromEntries(
    Object.entries(look.environment)
      .filter(([name]) => isWanted(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
export const show = (value: unknown) =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 50);

export function differences(
  main: Record<string, string>,
  twin: Record<string, string>,
  what: string,
): string[] {
  return [...new Set([...Object.keys(main), ...Object.keys(twin)])]
    .sort()
    .filter((name) => main[name] !== twin[name])
    .map((name) => `${what}: ${name} is ${show(main[name])}, without awsh it is ${show(twin[name])}`);
}
