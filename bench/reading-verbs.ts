import { leastProcessorTime, type TimedWithEnvironment } from './timing.ts';

/** The commands that only read and that Node answers if there is no agent. */
const verbs = [['list'], ['status'], ['explain', 'dev'], ['config', 'list']];

/**
 * Prints the processor time of each verb without agent, compared with `node -e 0`. The compiled
 * code is stored in the first round, which is not counted. doctor reads the clock of `endpoint`.
 */
export function timeReadingVerbs(
  launcher: string,
  environment: Readonly<Record<string, string>>,
  endpoint: string,
): void {
  const commands: TimedWithEnvironment[] = verbs.map((words) => ({
    name: words.join(' '),
    command: [launcher, ...words],
    environment,
  }));
  // Status 1 of doctor is an answer.
  const doctor = ['bash', '-c', '"$0" doctor "$@" || [[ $? == 1 ]]', launcher] as const;
  const atEndpoint = { ...environment, AWS_ENDPOINT_URL: endpoint };
  commands.push(
    { name: 'doctor', command: doctor, environment: atEndpoint },
    { name: 'doctor --offline', command: [...doctor, '--offline'], environment },
    {
      name: 'doctor without stored code',
      command: doctor,
      environment: { ...atEndpoint, XDG_CACHE_HOME: '/dev/null/none' },
    },
  );
  const node = { name: 'node', command: [process.execPath, '-e', '0'] as const, environment };
  const times = leastProcessorTime([node, ...commands], 10);
  const start = times.get('node') ?? Number.NaN;
  for (const { name } of commands) {
    const time = times.get(name) ?? Number.NaN;
    console.log(
      `awsh ${name}, no agent: processor time ${time.toFixed(0)} ms, ${(time / start).toFixed(2)} times node -e 0`,
    );
  }
}
