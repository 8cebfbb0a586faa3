/**
 * True if version a is newer than b, by the precedence of Semantic Versioning 2.0.0 (11):
 * 1.0.0-rc.1 comes before 1.0.0.
 */
export function isNewer(a: string, b: string): boolean {
  const [left, right] = [split(a), split(b)];
  for (let at = 0; at < 3; at += 1) {
    const [x = 0, y = 0] = [left.numbers[at], right.numbers[at]];
    if (x !== y) return x > y;
  }
  return isLaterPreRelease(left.preRelease, right.preRelease);
}

function split(version: string): { numbers: number[]; preRelease: string[] } {
  const [core = '', ...rest] = version.replace(/\+.*/, '').split('-');
  const preRelease = rest.length === 0 ? [] : rest.join('-').split('.');
  return { numbers: core.split('.').map((part) => Number.parseInt(part, 10) || 0), preRelease };
}

/** A version without a pre-release part is the release itself, which comes last. */
function isLaterPreRelease(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return a.length === 0 && b.length > 0;
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [x, y] = [a[at], b[at]];
    if (x === undefined || y === undefined) return y === undefined;
    if (x === y) continue;
    const [isNumber, isOtherNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (isNumber !== isOtherNumber) return isOtherNumber;
    return isNumber ? Number(x) > Number(y) : x > y;
  }
  return false;
}
