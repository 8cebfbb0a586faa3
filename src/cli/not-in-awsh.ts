import { UsageError } from '../system/index.ts';
import type { CommandLine } from './command-line.ts';
import { rewrittenLine } from './rewritten-line.ts';

/*
 * What aws-vault has and awsh does not, by name, with the awsh equivalent, so that a user of
 * aws-vault gets an answer. (From aws-vault's cli/global.go, cli/exec.go, cli/proxy.go and
 * docs/backends.md.)
 */

interface Missing {
  /**
   * The option or verb as written on the command line. An option that ends in a dash is a prefix.
   */
  readonly name: string;
  readonly why: string;
  readonly next: string;
  /**
   * The replacement on the command line, from which the next command is made. Empty: the option is
   * omitted.
   */
  readonly instead?: readonly string[];
}

const backendAdvice = 'keychain, pass and file keep access keys as well';

const missingOptions: readonly Missing[] = [
  {
    name: '--ec2-server',
    why: 'it would give the credentials to every program of this machine; the container protocol gives them to one command',
    next: 'awsh help exec',
    instead: ['--ecs-server'],
  },
  ...['--write-env', '-e'].map((name) => ({
    name,
    why: 'exec always sets the variables of its command (--write-env was an option of aws-vault 2)',
    next: 'awsh help exec',
    instead: [],
  })),
  {
    name: '--completion-bash',
    why: 'it is what the completion of aws-vault calls; awsh has its own, for bash, zsh and fish',
    next: 'awsh setup',
  },
  {
    name: '--biometrics',
    why: 'a keychain has its own settings for fingerprints; awsh lock stops access to all credentials',
    next: 'awsh --backend keychain list',
  },
  { name: '--op-', why: `there is no 1Password backend; ${backendAdvice}`, next: 'awsh import --aws-vault' },
  {
    name: '--proton-pass-',
    why: `there is no Proton Pass backend; ${backendAdvice}`,
    next: 'awsh import --aws-vault',
  },
  {
    name: '--passage-',
    why: 'there is no passage backend; the pass backend keeps items in the same way, encrypted by gpg',
    next: 'awsh --backend pass list',
  },
];

const missingVerbs: readonly Missing[] = ['proxy', 'server'].map((name) => ({
  name,
  why: 'it serves --ec2-server, which gives credentials to every program of this machine; exec has --ecs-server',
  next: 'awsh help exec',
}));

/** The error for an option that only aws-vault has, in this command line, or null. */
export function missingOption(written: string, line: CommandLine): UsageError | null {
  const [name = ''] = written.split('=');
  const found = missingOptions.find((known) =>
    known.name.endsWith('-') ? name.startsWith(known.name) : name === known.name,
  );
  if (found === undefined) return null;
  const { why, next, instead } = found;
  const changed = instead && rewrittenLine(line, (word) => (word === written ? instead : [word]));
  return new UsageError(`awsh has no ${name}`, why, changed ?? next);
}

/** The error for a verb that only aws-vault has, or null. */
export function missingVerb(verb: string): UsageError | null {
  const found = missingVerbs.find(({ name }) => name === verb);
  return found === undefined ? null : new UsageError(`awsh has no ${verb}`, found.why, found.next);
}
