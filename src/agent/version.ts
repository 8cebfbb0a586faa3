/** True where version a is newer than b, compared number by number; what follows a `-` does not count. */
export function isNewer(a: string, b: string): boolean {
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < 3; at += 1) {
    const [x = 0, y = 0] = [left[at], right[at]];
    if (x !== y) return x > y;
  }
  return false;
}

function numbers(version: string): number[] {
  return (
    version
      .split(/[-+]/)[0]
      ?.split('.')
      .map((part) => Number.parseInt(part, 10) || 0) ?? []
  );
}
