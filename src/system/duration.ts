import { UsageError } from './errors.ts';

const unitSeconds: Record<string, number> = {
  w: 604_800,
  d: 86_400,
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ns: 1e-9,
};

/**
 * Seconds of a duration in Go's form (`1h30m`, `45m`, `900s`; pkg.go.dev/time#ParseDuration), also
 * with days and weeks, as in aws-vault's own parser (kingpin 2.4, go-str2duration); null if the
 * text is not one.
 */
export function parseDuration(text: string): number | null {
  const match = /^\+?(?:(?:\d+\.?\d*|\.\d+)(?:w|d|h|ms|m|us|\u00b5s|\u03bcs|ns|s))+$/.exec(text);
  if (match === null) return null;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)(w|d|h|ms|m|us|\u00b5s|\u03bcs|ns|s)/g)) {
    seconds += Number(amount) * (unitSeconds[unit ?? ''] ?? Number.NaN);
  }
  return Number.isFinite(seconds) ? Math.floor(seconds) : null;
}

/** Like {@link parseDuration}, but throws a UsageError that names the option or variable. */
export function requireDuration(name: string, text: string): number {
  const seconds = parseDuration(text);
  if (seconds === null || seconds <= 0) {
    throw new UsageError(
      `${name} is not a duration: ${JSON.stringify(text)}`,
      'a duration looks like 1h30m, 45m or 900s',
    );
  }
  return seconds;
}

/**
 * `1h0m5s`, `59m49s`, `50s`: whole seconds in Go's form (pkg.go.dev/time#Duration.String), as in
 * aws-vault.
 */
export function goDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const rest = `${whole % 60}s`;
  return hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest;
}

/** `2h05m`, `42m`, `50s`: remaining time for display, at most two units. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 0) return `${hours}h${String(minutes).padStart(2, '0')}m`;
  return minutes > 0 ? `${minutes}m` : `${whole}s`;
}

/** Like {@link formatDuration}, but never rounded: `1h30m10s`, `1h30m`. */
export function exactDuration(seconds: number): string {
  const rest = seconds % 60;
  return seconds < 60 || rest === 0 ? formatDuration(seconds) : `${formatDuration(seconds)}${rest}s`;
}

/** `312d`, `5h07m`, `42m`: elapsed time for display, in days if it is at least one. */
export function formatAge(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  return days >= 1 ? `${days}d` : formatDuration(seconds);
}
