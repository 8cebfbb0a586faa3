import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandInput, type Context, jsonText, lookOf, tableText } from '../cli/index.ts';
import {
  credentialsPath,
  grantFiles,
  type RunningGrant,
  removeDeadGrant,
  runningGrants,
} from '../serving/index.ts';
import { clockTime } from '../shell/index.ts';
import {
  AwshError,
  isRunning,
  printable,
  printablePath,
  rfc3339,
  shellCommand,
  UsageError,
} from '../system/index.ts';
import { startGrant } from './grant-start.ts';
import { printedLines } from './serve-print.ts';

/**
 * `awsh serve PROFILE`: gives renewable credentials on a socket for a container or another machine.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const [print, revoke] = [input.value('print'), input.value('revoke')];
  const ways = [print !== undefined, revoke !== undefined, input.flag('list')].filter(Boolean).length;
  if (ways > 1)
    throw new UsageError('--list, --revoke and --print cannot be used together', 'each does something else');
  if (revoke !== undefined) return revokeGrant(context, revoke);
  if (input.flag('list')) return listGrants(context, input);
  if (print !== undefined) {
    await context.output.print(printedLines(context, print, input.value('name')));
    return 0;
  }
  const grant = await startGrant(context, input, { id: input.value('name') });
  const { id, profile, socket, tokenFile, ends, narrowing } = grant;
  if (input.flag('json')) {
    const shown = {
      id,
      profile,
      narrowing,
      socket,
      tokenFile,
      path: credentialsPath,
      ends: rfc3339(new Date(ends)),
    };
    await context.output.print(jsonText(shown));
    return 0;
  }
  await context.output.print(`socket  ${printable(socket)}\ntoken   ${printable(tokenFile)}\n`);
  const ending = shellCommand`awsh serve --revoke ${id}`;
  const until = clockTime(ends / 1000);
  context.output.tell(`awsh: grant ${id} gives ${printable(profile)} until ${until}; to end it: ${ending}`);
  return 0;
}

async function listGrants({ paths, output }: Context, input: CommandInput): Promise<number> {
  const grants = await runningGrants(paths);
  if (input.flag('json')) {
    const rows = grants.map(({ id, profile, narrowing, ends, folder }) => ({
      id,
      profile,
      narrowing,
      ends: rfc3339(new Date(ends)),
      socket: grantFiles(folder).socket,
    }));
    await output.print(jsonText(rows));
    return 0;
  }
  if (grants.length === 0) {
    output.tell('awsh: there are no grants; to make one: awsh serve PROFILE');
    return 0;
  }
  const titles = ['GRANT', 'PROFILE', 'NARROWED BY', 'UNTIL', 'SOCKET'];
  const cells = grants.map(({ id, profile, narrowing, ends, folder }) => [
    id,
    profile,
    narrowing ?? '-',
    clockTime(ends / 1000),
    printablePath(grantFiles(folder).socket, paths.home),
  ]);
  await output.print(tableText(titles, cells, await lookOf(output.stdout)));
  return 0;
}

async function revokeGrant({ paths, output }: Context, id: string): Promise<number> {
  const grant = (await runningGrants(paths)).find((each) => each.id === id);
  if (grant === undefined)
    throw new AwshError(
      'other',
      `there is no grant named ${printable(id)}`,
      'it has ended, or never existed',
      'awsh serve --list',
    );
  await endGrant(grant);
  output.tell(
    `awsh: grant ${id} has ended; credentials that a program already has are valid until they expire`,
  );
  return 0;
}

/** Ends the grant's server and removes its files, even if the server had to be killed. */
export async function endGrant(grant: RunningGrant): Promise<void> {
  const { server } = grant;
  for (const [signal, waits] of [
    // It may wait for ssh.
    ['SIGTERM', 200],
    ['SIGKILL', 20],
  ] as const) {
    if (!isRunning(server)) break;
    process.kill(server.pid, signal);
    for (let left = waits; left > 0 && isRunning(server); left--) await sleep(50);
  }
  await removeDeadGrant(grant);
}
