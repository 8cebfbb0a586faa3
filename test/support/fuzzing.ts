import fc from 'fast-check';

/**
 * Seconds for each target in a long run; null in a normal run, which has a fixed number of cases.
 */
const seconds = process.env.FUZZ_SECONDS ? Number(process.env.FUZZ_SECONDS) : null;

export const fuzzTimeout = ((seconds ?? 0) + 120) * 1000;

/** Runs the property, and prints the number of cases in a long run. */
export async function fuzz<T>(
  name: string,
  input: fc.Arbitrary<T>,
  check: (value: T) => unknown,
  runs = 300,
): Promise<void> {
  let executions = 0;
  const counted = async (value: T) => {
    executions += 1;
    await check(value);
  };
  const limits =
    seconds === null ? { numRuns: runs } : { numRuns: 1e9, interruptAfterTimeLimit: seconds * 1000 };
  await fc.assert(fc.asyncProperty(input, counted), { ...limits, markInterruptAsFailure: false });
  if (seconds !== null) console.log(`fuzz: ${name}: ${executions} executions`);
}

const code = '$(touch ~/pwned)';
/** Texts that have broken parsers, and arbitrary text. */
export const odd: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '%',
    '%0A',
    '%250A',
    '\r',
    '\n',
    '\0',
    '\x1b[31m',
    '\x9b31m',
    '\u202e',
    '\ufeff',
    '-',
    '=',
    '[',
    ']',
  ),
  fc.constantFrom(
    code,
    `\`touch ~/pwned\``,
    `a[${code}]`,
    '__proto__',
    'constructor',
    '999999999999999',
    '0x1',
    '-1',
    '1e9',
  ),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.string({ maxLength: 2000, unit: 'grapheme-ascii' }),
);

/** Lines in a form that a parser knows, mixed with odd ones, truncated at any point. */
export function linesLike(known: readonly string[], separator = '\n'): fc.Arbitrary<string> {
  const line = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...known), odd).map(([a, b]) => `${a}${b}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...known), fc.nat(60), odd)
        .map(([text, at, b]) => text.slice(0, at) + b + text.slice(at)),
    },
  );
  return fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.boolean(), fc.nat(4000))
    .map(([lines, whole, cut]) => (whole ? lines.join(separator) : lines.join(separator).slice(0, cut)));
}
