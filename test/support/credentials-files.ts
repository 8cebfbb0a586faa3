import fc from 'fast-check';

/** A line of a generated credentials or config file. */
export interface FileLine {
  readonly text: string;
  /** The key that the line contains, as the generator knows it. */
  readonly id?: string;
  readonly secret?: string;
}

export interface GeneratedSection {
  readonly header: string;
  readonly lines: readonly FileLine[];
}

export interface GeneratedFile {
  /** As bytes, one character each. */
  readonly bytes: string;
  readonly sections: readonly GeneratedSection[];
}

/** Half of them are spellings of only two names, so that most files have a name twice. */
const credentialsHeaders = [
  ...['[default]', '[work]', '[dev]', '[default]', '[work]', '[one]', '[two]', '[three]', '[four]'],
  ...[
    '[ work ]',
    '[profile work]',
    '["work"]',
    "['work']",
    '[\twork\t]',
    '[work] # mine',
    '[WORK]',
    '  [work]',
  ],
  ...[
    '[work] stray',
    '[work',
    '[profile default]',
    '[two words]',
    '[Z\xc3\xbcrich]',
    '[sso-session work]',
    '[b\xffd]',
  ],
];
const configHeaders = [
  ...['[default]', '[profile default]', '[profile work]', '[profile dev]', '[profile one]', '[profile five]'],
  ...[
    '[profile  work]',
    '[profile\twork]',
    '[profile "work"]',
    "[profile 'dev']",
    '[work]',
    '[sso-session work]',
  ],
];

let counter = 0;
/** A unique key, so that each secret can be recognised. */
const freshKey = () => {
  counter += 1;
  const number = String(counter).padStart(10, '0').replaceAll('0', 'O').replaceAll('1', 'I');
  return { id: `AKIA${number.toUpperCase()}EXAMPL`, secret: `s3cr3t/+${counter}x`.padEnd(40, 'k') };
};

const spacing = fc.constantFrom(' = ', '=', ' =', '= ', '\t=\t', ' = ');
const idName = fc.constantFrom('aws_access_key_id', 'aws_access_key_id', 'AWS_ACCESS_KEY_ID');
const secretName = fc.constantFrom('aws_secret_access_key', 'aws_secret_access_key', 'Aws_Secret_Access_Key');
const behind = fc.constantFrom('', '', '', '', ' # a note', '\t; another', '  ', '#nospace');
const before = fc.constantFrom('', '', '', '', '', '', '', '  ', '\t', 'export ');

type LineMaker = () => FileLine[];
const keyLine =
  (field: 'id' | 'secret', name: string, space: string, rest: string, indent: string) =>
  (key: { id: string; secret: string }): FileLine => ({
    text: `${indent}${name}${space}${key[field]}${rest}`,
    [field]: key[field],
  });

const idLine = fc.tuple(idName, spacing, behind, before).map(([n, s, b, i]) => keyLine('id', n, s, b, i));
const secretLine = fc
  .tuple(secretName, spacing, behind, before)
  .map(([n, s, b, i]) => keyLine('secret', n, s, b, i));

const plain = fc
  .constantFrom(
    ...['# a comment', ';another', '', '', 'region = eu-west-1', 'output=json', 'source_profile = one'],
    ...[
      '  # indented comment',
      '\tindented',
      's3 =',
      '  max = 3',
      'aws_session_token = t0k3n',
      'key: value',
      'b\xffd = \xe9',
    ],
    ...['# aws_secret_access_key = old', 'mfa_serial = arn:aws:iam::1:mfa/me', 'aws_access_key_id ='],
  )
  .map(
    (text): LineMaker =>
      () => [{ text }],
  );
const ordinary = fc.constantFrom('# a comment', '', 'region = eu-west-1', 'output=json').map(
  (text): LineMaker =>
    () => [{ text }],
);
const pair = fc.tuple(idLine, secretLine, fc.boolean(), fc.option(ordinary, { freq: 3 })).map(
  ([id, secret, isSwapped, between]): LineMaker =>
    () => {
      const key = freshKey();
      const [first, second] = isSwapped ? [secret, id] : [id, secret];
      return [first(key), ...(between?.() ?? []), second(key)];
    },
);
const cleanPair = fc.constant<LineMaker>(() => {
  const { id, secret } = freshKey();
  return [
    { text: `aws_access_key_id = ${id}`, id },
    { text: `aws_secret_access_key = ${secret}`, secret },
  ];
});
const half = fc.oneof(idLine, secretLine).map(
  (make): LineMaker =>
    () => [make(freshKey())],
);

const oddBody = fc.array(fc.oneof({ weight: 4, arbitrary: pair }, { weight: 3, arbitrary: plain }, half), {
  maxLength: 4,
});
const cleanBody = fc
  .tuple(fc.array(ordinary, { maxLength: 2 }), cleanPair, fc.array(ordinary, { maxLength: 2 }))
  .map(([a, b, c]) => [...a, b, ...c]);
const body = fc.oneof({ weight: 2, arbitrary: oddBody }, { weight: 3, arbitrary: cleanBody });

function file(headers: readonly string[]): fc.Arbitrary<GeneratedFile> {
  const section = fc.tuple(fc.constantFrom(...headers), body);
  return fc
    .record({
      sections: fc.array(section, { maxLength: 6 }),
      lineBreak: fc.constantFrom('\n', '\n', '\r\n', '\r'),
      mark: fc.constantFrom('', '', '', '\xef\xbb\xbf'),
      isEnded: fc.boolean(),
      top: fc.constantFrom('', '', '# my keys', '\n'),
    })
    .map(({ sections: made, lineBreak, mark, isEnded, top }) => {
      const sections = made.map(([header, makers]) => ({ header, lines: makers.flatMap((make) => make()) }));
      const lines = sections.flatMap(({ header, lines }) => [header, ...lines.map(({ text }) => text)]);
      const all = top === '' ? lines : [top, ...lines];
      return { bytes: mark + all.join(lineBreak) + (isEnded ? lineBreak : ''), sections };
    });
}

/**
 * A credentials file and a config file in which names and keys are repeated, spelled differently,
 * incomplete and indented.
 */
export const generatedFiles = fc.record({
  credentials: file(credentialsHeaders),
  config: file(configHeaders),
});

/** The names that the most lenient reader sees in a section header. */
export function namesOf({ header }: GeneratedSection): string[] {
  const inner = header
    .replace(/^[^[]*\[/, '')
    .replace(/\].*$/s, '')
    .trim();
  const bare = inner.replace(/^profile[ \t]+/, '');
  const text = bare.replace(/^(["'])(.*)\1$/, '$2').trim();
  return [inner, bare, text].map((name) => Buffer.from(name, 'latin1').toString('utf8'));
}
