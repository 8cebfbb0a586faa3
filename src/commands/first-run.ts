// The questions of `awsh setup` on a new machine after the shell is set up: credentials, a first
// project, the identity there, and coding agents.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import {
  type CommandModule,
  type Context,
  cutCommandLine,
  findCommand,
  lookOf,
  openContext,
  parseCommand,
  proseRoom,
  tellProblem,
  wrapWords,
} from '../cli/index.ts';
import { directoryFileName, readDirectoryFile, TrustStore } from '../directory/index.ts';
import { profileNames, readAwsFiles } from '../profiles/index.ts';
import { releaseTerminal } from '../prompt/index.ts';
import type { CallerIdentity } from '../sessions/index.ts';
import { CancelledError, explained, printable, printablePath, shellWord } from '../system/index.ts';
import { findKeyPlaces } from './import-places.ts';
import { ssoRegionFault } from './sso-add.ts';

/** The verbs that it runs, as if the user had typed them. */
const verbs: Readonly<Record<string, () => Promise<CommandModule>>> = {
  add: () => import('./add.ts'),
  allow: () => import('./allow.ts'),
  config: () => import('./config.ts'),
  import: () => import('./import.ts'),
  init: () => import('./init.ts'),
  sso: () => import('./sso.ts'),
};

/** True if awsh has neither a key nor an allowed directory file on this machine. */
export async function isNewMachine(context: Context): Promise<boolean> {
  if (new TrustStore(context.paths.trust, context.clock).list().length > 0) return false;
  return (await context.vault()).keys().length === 0;
}

/** Asks one question at a time; Enter skips a question. Nothing here makes `setup` fail. */
export async function leadOn(context: Context, shell: string): Promise<void> {
  const { output } = context;
  output.tell('awsh: now your credentials and a first project; Enter skips a question');
  await skippable(context, () => askForCredentials(context));
  await skippable(context, () => mentionMfa(context));
  let loading = 'a directory with a .awsprofile loads its profile';
  await skippable(context, async () => {
    loading = (await askForProject(context)) ?? loading;
  });
  await skippable(context, () => askForCodingAgents(context));
  const here = context.environment.AWSH_HOOK === undefined ? `, or here after exec ${shell},` : ' and here,';
  await tellWrapped(context, `awsh: in a new terminal${here} ${loading}`);
  output.tell('awsh: when you leave the directory, or run awsh off, the credentials are gone');
  output.tell('awsh: for help, run awsh help, awsh status or awsh doctor');
}

/** One of the lines that are long, or that contain a path. */
async function tellWrapped({ output }: Context, line: string): Promise<void> {
  const [first = '', ...more] = wrapWords(line, proseRoom(await lookOf(output.stderr)));
  output.tell([first, ...more.map((text) => `  ${text}`)].join('\n'));
}

/** A step that fails or is cancelled does not stop the next one. */
async function skippable(context: Context, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (thrown) {
    if (thrown instanceof CancelledError) return;
    const error = explained(thrown);
    if (error === null) throw thrown;
    await tellProblem(context.output, error.what, error.why, error.next);
  }
}

/** Offers existing keys first, then a new key, then Identity Center. */
async function askForCredentials(context: Context): Promise<void> {
  const found = await findKeyPlaces(context, wordsOf('import').input);
  if (found.some(({ profiles, isLocked }) => isLocked || profiles.length > 0))
    await skippable(context, () => runVerb(context, ['import']));
  if (await hasKeys(context)) return;
  const prompter = await context.prompter();
  if (await prompter.confirm('do you have an AWS access key to store')) {
    const profile = await prompter.text('name of its profile', 'work', { shown: /^[\w.@-]*$/ });
    await runVerb(context, ['add', '--', profile]);
    return;
  }
  if (readAwsFiles(context.paths).ssoSessions.size > 0) {
    if (await prompter.confirm('sign in to IAM Identity Center now'))
      await runVerb(context, ['sso', 'login']);
    return;
  }
  if (!(await prompter.confirm('do you sign in to AWS by IAM Identity Center'))) return;
  const url = await prompter.text('its start URL, as https://corp.awsapps.com/start', '', {
    shown: /./,
    fault: (answer) =>
      answer === '' || URL.canParse(answer) ? null : 'a start URL looks like https://corp.awsapps.com/start',
  });
  if (url === '') return;
  const region = await prompter.text('its region', 'us-east-1', {
    shown: /^[a-z0-9-]*$/,
    fault: ssoRegionFault,
  });
  const options = [`--start-url=${url}`, `--sso-region=${region}`];
  await runVerb(context, ['sso', 'add', 'corp', ...options]);
}

/** What they get is the user's choice; Enter leaves it as it is without one. */
async function askForCodingAgents(context: Context): Promise<void> {
  const file = await context.settings();
  if (file.codingAgents !== 'same') return;
  const rules = ['same', 'read-only', 'ask', 'refuse'];
  const prompter = await context.prompter();
  prompter.tell(
    'awsh: a coding agent (Claude Code, Codex, Cursor) that you start can use your profiles, too:',
  );
  prompter.tell('  same       what you get');
  prompter.tell('  read-only  credentials that can only read');
  prompter.tell('  ask        what you get, each time after you have answered y');
  prompter.tell('  refuse     no credentials');
  const answer = await prompter.text('what coding agents get', 'same', {
    shown: /^[a-z-]{0,10}$/,
    fault: (text) => (rules.includes(text) ? null : `answer ${rules.slice(0, -1).join(', ')} or refuse`),
  });
  if (answer !== 'same') await runVerb(context, ['config', 'set', 'coding_agents', answer]);
}

async function hasKeys(context: Context): Promise<boolean> {
  return (await openContext({ ...context }).vault()).keys().length > 0;
}

/** Only with a stored key, because Identity Center asks for MFA itself. */
async function mentionMfa(context: Context): Promise<void> {
  const [first] = (await openContext({ ...context }).vault()).keys();
  const { profiles } = readAwsFiles(context.paths);
  const isSet = [...profiles.values()].some(({ properties }) => properties.has('mfa_serial'));
  if (first === undefined || isSet || context.environment.AWS_MFA_SERIAL) return;
  const config = printablePath(context.paths.awsConfig, context.paths.home);
  await tellWrapped(
    context,
    `awsh: do you use MFA? In ${config}, give ${printable(first.profile)} this line, and awsh asks for the code:`,
  );
  context.output.tell('awsh:   mfa_serial = arn:aws:iam::ACCOUNT:mfa/DEVICE');
}

/** Returns what `cd` will do there; null if no project was named. */
async function askForProject(context: Context): Promise<string | null> {
  const { paths } = context;
  if (profileNames(readAwsFiles(paths)).length === 0) return null;
  const prompter = await context.prompter();
  const pathOf = (answer: string) => resolve(context.cwd, answer.replace(/^~(?=$|\/)/, paths.home));
  const isDirectory = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const answer = await prompter.text('a project directory that should load a profile when you enter it', '', {
    shown: /./,
    fault: (text) => (text === '' || isDirectory(pathOf(text)) ? null : 'there is no such directory'),
  });
  if (answer === '') return null;
  const folder = pathOf(answer);
  const file = join(folder, directoryFileName);
  await runVerb({ ...context, cwd: folder }, [existsSync(file) ? 'allow' : 'init']);
  const { profile } = readDirectoryFile(file);
  if (profile === null) return null;
  await showWhoYouAre(context, folder, profile);
  const shown = printablePath(folder, paths.home);
  const word = /^[~\w./+-]+$/.test(shown) ? shown : shellWord(folder);
  return ['cd', word, 'loads', printable(profile)].join(' ');
}

/** Asks AWS, with credentials that only that process gets. It may ask for an MFA code. */
async function showWhoYouAre(context: Context, folder: string, profile: string): Promise<void> {
  const { output, packageFolder } = context;
  const name = printable(profile);
  output.tell(`awsh: asking AWS who you are with ${name}`);
  await releaseTerminal();
  const bin = join(packageFolder, 'bin');
  // If it fails, the error shows this command line, so it has to be one that the user can type.
  const words = ['exec', `--profile=${profile}`, '--', 'awsh', 'status', '--verify', '--json'];
  const { stdout, status } = spawnSync(join(bin, 'awsh'), words, {
    cwd: folder,
    stdio: ['inherit', 'pipe', 'inherit'],
    encoding: 'utf8',
    env: { ...process.env, PATH: [bin, process.env.PATH ?? ''].join(delimiter) },
  });
  if (status !== 0) return;
  const { verified } = JSON.parse(stdout) as { verified: CallerIdentity };
  output.tell(`awsh: AWS says that ${name} is ${printable(verified.arn)}`);
  if (context.environment.AWSH_HOOK === undefined)
    output.tell('awsh: that was a test: nothing is loaded in this terminal yet');
}

function wordsOf(...words: readonly string[]) {
  const line = cutCommandLine(words, findCommand);
  if (line.row === null) throw new ReferenceError(`no verb ${words[0]}`);
  return { row: line.row, ...parseCommand(line.row, line) };
}

/** Uses a new context, which reads what the previous step has written. */
async function runVerb(context: Context, words: readonly string[]): Promise<void> {
  const { row, input } = wordsOf(...words);
  const verb = await verbs[row.name]?.();
  await verb?.run(openContext({ ...context, verb: row.name }), input);
}
