import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { OwnVariables } from './shells.ts';
import type { Place, ProjectPlace } from './world.ts';

/* A user's actions, one step at a time, and a generator for them. */

/** What a `.envrc` or a `mise.toml` does. */
export const variants = [
  'keys and token',
  'keys without token',
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'FOO',
  'awsh export',
  'dotenv',
  'unset AWS_PROFILE',
  'unset AWS_REGION',
  'unset keys',
] as const;
export type Variant = (typeof variants)[number];

export type ToolPlace = ProjectPlace | 'sub';
export type AwshWords = `use ${'dev' | 'ops' | '--auto'}` | 'allow' | 'deny' | 'off' | 'refresh';

export type Step =
  | { do: 'cd'; to: Place; how: 'cd' | 'pushd' | 'cd and look' }
  | { do: 'popd' }
  | { do: 'subshell'; to: Place }
  | { do: 'directory file'; at: ProjectPlace; content: 'dev' | 'ops' | null; allow: boolean }
  | { do: 'tool file'; at: ToolPlace; variant: Variant | null; allow: boolean }
  | { do: 'direnv allow' }
  | { do: 'direnv reload' }
  | { do: 'direnv deny' }
  | { do: 'cd -' }
  | { do: 'remove folder' }
  | { do: 'source rc' }
  | { do: 'clean shell' }
  | { do: 'exec, refused' }
  | { do: 'type inside'; variables: Typed }
  | { do: 'awsh'; words: AwshWords }
  | { do: 'nested shell' }
  | { do: 'awsh exec'; profile: 'dev' | 'ops' }
  | { do: 'exit' }
  | { do: 'load tool'; how: 'typed' | 'rc file' }
  | { do: 'type'; line: string }
  | { do: 'own'; variables: Typed };

type Typed = Readonly<Record<string, { value: string; exported: boolean } | null>>;

export type FileStep = Step & { do: 'directory file' | 'tool file' };

export interface Sequence {
  /** Where the shell is started. */
  start: Place;
  own: OwnVariables;
  /** Files that are there before the shell is started. */
  before: FileStep[];
  steps: Step[];
}

export function showStep(step: Step): string {
  const { do: what, ...rest } = step;
  return [what, ...Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)].join(' ');
}

const exported = (value: string) => ({ value, exported: true });
const plain = (value: string) => ({ value, exported: false });

/** The user's variables before awsh is loaded. */
export const ownChoices: OwnVariables[] = [
  {},
  { AWS_PROFILE: exported('mine') },
  { AWS_ACCESS_KEY_ID: exported('AKIAMINE'), AWS_SECRET_ACCESS_KEY: exported('my secret/+') },
  { AWS_REGION: exported('sa-east-1') },
  { AWS_REGION: plain('sa-east-1') },
  { AWS_REGION: exported('') },
  { AWS_PROFILE: exported('mine'), AWS_REGION: exported('sa-east-1'), AWS_PAGER: exported('') },
];

const place = fc.constantFrom<Place>('a', 'a', 'b', 'out', 'out', 'sub', 'own', 't', 'root');
const cd = fc.record<Step & { do: 'cd' }>({
  do: fc.constant('cd'),
  to: place,
  how: fc.constantFrom('cd', 'cd', 'cd', 'pushd', 'cd and look'),
});
const toolFile = fc.record<Step & { do: 'tool file' }>({
  do: fc.constant('tool file'),
  at: fc.constantFrom<ToolPlace>('a', 'a', 'a', 'b', 'own', 'sub', 't'),
  variant: fc.option(fc.constantFrom(...variants), { freq: 5, nil: null }),
  allow: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
});
const directoryFile = fc.record<Step & { do: 'directory file' }>({
  do: fc.constant('directory file'),
  at: fc.constantFrom<ProjectPlace>('a', 'a', 'b', 'own', 't'),
  content: fc.constantFrom<'dev' | 'ops' | null>('dev', 'dev', 'ops', null),
  allow: fc.boolean(),
});
const own = fc.constantFrom<(Step & { do: 'own' })['variables']>(
  { AWS_PROFILE: exported('later') },
  { AWS_PROFILE: null },
  { AWS_REGION: exported('eu-north-1') },
  { AWS_REGION: plain('eu-north-1') },
  { AWS_REGION: null },
  { AWS_ACCESS_KEY_ID: exported('AKIALATER'), AWS_SECRET_ACCESS_KEY: exported('later secret') },
  { AWS_ACCESS_KEY_ID: null, AWS_SECRET_ACCESS_KEY: null },
);
const words: AwshWords[] = [
  ...(['use dev', 'use ops', 'off', 'deny', 'refresh'] as const),
  ...(['use --auto', 'use --auto', 'use --auto', 'use --auto', 'allow', 'allow'] as const),
];

const shells: Step[] = [
  { do: 'nested shell' },
  { do: 'nested shell' },
  { do: 'awsh exec', profile: 'ops' },
  { do: 'awsh exec', profile: 'dev' },
  { do: 'exec, refused' },
  { do: 'clean shell' },
  { do: 'exit' },
  { do: 'exit' },
  { do: 'exit' },
  { do: 'exit' },
];

const direnvSteps: Step[] = [{ do: 'direnv allow' }, { do: 'direnv reload' }, { do: 'direnv deny' }];

const inside = fc.constantFrom<Typed>(
  { AWS_REGION: exported('eu-south-1') },
  { AWS_PROFILE: exported('typed') },
  { AWS_PROFILE: null },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: cd, weight: 10 },
  { arbitrary: toolFile, weight: 7 },
  { arbitrary: directoryFile, weight: 2 },
  { arbitrary: fc.constantFrom(...words).map((chosen): Step => ({ do: 'awsh', words: chosen })), weight: 3 },
  {
    arbitrary: fc.constantFrom<Step>(...direnvSteps, { do: 'popd' }, { do: 'cd -' }, { do: 'source rc' }),
    weight: 4,
  },
  { arbitrary: fc.constantFrom(...shells), weight: 3 },
  { arbitrary: own.map((variables): Step => ({ do: 'own', variables })), weight: 1 },
  { arbitrary: inside.map((variables): Step => ({ do: 'type inside', variables })), weight: 2 },
  { arbitrary: fc.constant<Step>({ do: 'remove folder' }), weight: 1 },
  { arbitrary: place.map((to): Step => ({ do: 'subshell', to })), weight: 1 },
);

const projects: FileStep[] = [
  { do: 'directory file', at: 'a', content: 'dev', allow: false },
  { do: 'directory file', at: 'b', content: 'ops', allow: false },
];

/**
 * Sequences of `length` steps each, in two projects. In most cases, the other tool has a file
 * before the shell starts.
 */
export function generateSequences(count: number, length: number, seed: number): Sequence[] {
  const sequence = fc.record<Sequence>({
    start: fc.constantFrom<Place>('out', 'out', 'a', 't'),
    own: fc.constantFrom(...ownChoices),
    before: fc.array(toolFile, { maxLength: 2 }).map((files): FileStep[] => [...projects, ...files]),
    steps: fc.array(step, { minLength: length, maxLength: length, size: 'max' }),
  });
  return fc.sample(sequence, { numRuns: count, seed });
}

/** A seed for each combination, so that each has its own sequences. */
export function seedOf(seed: number, name: string): number {
  return createHash('sha256').update(`${seed} ${name}`).digest().readInt32BE(0);
}
