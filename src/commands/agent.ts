import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AgentEnd,
  type AgentReply,
  agentIsOlder,
  agentIsWanted,
  askAgent,
  endAgent,
  isJobPath,
  readAside,
  readState,
  startAgent,
} from '../agent/index.ts';
import {
  type CommandInput,
  type Context,
  jsonText,
  labelled,
  lookOf,
  packageVersion,
  tableText,
} from '../cli/index.ts';
import {
  AwshError,
  ensurePrivateDirectory,
  formatDuration,
  isAlive,
  printable,
  rfc3339,
  writeFileAtomic,
} from '../system/index.ts';

/** `awsh agent start | stop | status`. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  switch (input.required('ACTION')) {
    case 'start':
      return start(context);
    case 'stop':
      return stop(context);
    default:
      return status(context, input.flag('json'));
  }
}

/** In milliseconds. An agent needs about a tenth of this to start listening. */
const startMs = 3000;

async function start({ paths, environment, packageFolder, settings, output }: Context): Promise<number> {
  if (!(await settings()).agent || !agentIsWanted({ paths, environment })) {
    throw new AwshError(
      'other',
      'the agent is turned off here',
      'by the setting agent, AWSH_AGENT=off, CI, or awsh lock',
      'AWSH_AGENT= CI= awsh agent start',
    );
  }
  const begun = performance.now();
  const version = packageVersion(packageFolder);
  const isThere = async () =>
    (await askAgent(paths, 'hello')) !== null && !agentIsOlder({ paths, packageFolder }, version);
  if (!(await isThere())) {
    requireWritable(paths.runtime);
    startAgent({ paths, environment, packageFolder });
  }
  while (!(await isThere())) {
    if (performance.now() - begun > startMs) {
      throw new AwshError(
        'other',
        'the agent did not start',
        'its log may show why',
        `cat ${paths.state}/agent.log`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  output.tell(`awsh: the agent runs (process ${readState(paths)?.pid})`);
  return 0;
}

/**
 * Clients find the agent by a file in this directory. Throws the reason if it cannot be written.
 */
function requireWritable(runtime: string): void {
  ensurePrivateDirectory(runtime);
  const probe = join(runtime, 'agent.probe');
  writeFileAtomic(probe, 'awsh agent start\n');
  rmSync(probe, { force: true });
}

async function stop({ paths, output }: Context): Promise<number> {
  // The same folder without an XDG_RUNTIME_DIR. Asked twice, an agent that is ending would be killed.
  const folders = isJobPath(paths) ? [paths.runtime] : new Set([paths.runtime, paths.state]);
  const ends: AgentEnd[] = [];
  for (const runtime of folders) ends.push(await endAgent({ runtime }, 'stop'));
  const told = ends.some((end) => end.told);
  const [killed, left] = [ends.flatMap((end) => end.killed), ends.flatMap((end) => end.left)];
  if (told) output.tell('awsh: the agent has ended');
  for (const pid of killed) output.tell(`awsh: the agent (process ${pid}) did not answer and was killed`);
  if (left.length > 0) throw survivingAgent('the agent does not answer', left);
  if (!told && killed.length === 0) output.tell('awsh: no agent is running');
  return 0;
}

async function status({ paths, output, clock, packageFolder }: Context, asJson: boolean): Promise<number> {
  const before = readState(paths) ?? readAside(paths);
  const port = before?.port;
  const reply = await askAgent(paths, 'status');
  if (reply === null || port === undefined) {
    if (before !== null && isAlive(before.pid)) {
      throw new AwshError(
        'other',
        `the agent (process ${before.pid}) does not answer`,
        'it is stopped, or the machine is too busy; the next command that needs an agent starts another one',
        'awsh agent stop',
      );
    }
    throw new AwshError(
      'other',
      'no agent is running',
      'the first command that needs it starts it',
      'awsh agent start',
    );
  }
  const awshVersion = packageVersion(packageFolder);
  const state = { port, ...readStatus(reply), awshVersion };
  if (asJson) {
    await output.print(jsonText(state));
    return 0;
  }
  const rows = state.sessions.map(({ profile, expires }) => [
    profile,
    formatDuration((Date.parse(expires) - clock.now()) / 1000),
  ]);
  const look = await lookOf(output.stdout);
  const facts = [
    ['agent', `version ${state.version}, process ${state.pid}, port ${port}`],
    ...(awshVersion === null || awshVersion === state.version
      ? []
      : [['awsh', `version ${awshVersion}`] as const]),
    ['since', state.started],
  ] as const;
  const head = facts.flatMap(([label, text]) => labelled(label, printable(text), 7, look));
  const table = rows.length === 0 ? '' : `\n${tableText(['PROFILE', 'LEFT'], rows, look)}`;
  await output.print(`${head.join('\n')}\n${table}`);
  return 0;
}

/** The error for an agent that could not be killed: it may give credentials again. */
export function survivingAgent(what: string, left: readonly number[]): AwshError {
  const processes = left.join(' ');
  return new AwshError(
    'other',
    what,
    `process ${processes} could not be killed and still holds sessions`,
    `kill -9 ${processes}`,
  );
}

function readStatus({ number, text, lines }: AgentReply) {
  const pid = lines.find(([word]) => word === 'pid')?.[1];
  return {
    pid: Number(pid),
    version: text,
    started: rfc3339(new Date(number * 1000)),
    sessions: lines.filter(([word]) => word === 'session').map(([, value]) => readSession(value)),
  };
}

function readSession(value: string) {
  const space = value.indexOf(' ');
  return {
    profile: value.slice(space + 1),
    expires: rfc3339(new Date(Number(value.slice(0, space)) * 1000)),
  };
}
