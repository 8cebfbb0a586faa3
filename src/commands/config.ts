import { join } from 'node:path';
import { type CommandInput, type Context, jsonText, lookOf, proseTableText } from '../cli/index.ts';
import { findLogger, noLogger } from '../record/index.ts';
import { type SettingState, setSetting, settingStates } from '../settings/index.ts';
import { printable, printablePath, UsageError, withLock } from '../system/index.ts';
import { showAwsFiles } from './config-aws.ts';

/** `awsh config`: awsh's own settings; `config aws`: what was read from the AWS files. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const action = input.argument('ACTION') ?? 'list';
  const [, name, ...values] = input.operands;
  requireWords(action, input.operands.length - 1);
  if (input.flag('lenient') && action !== 'aws') {
    throw new UsageError('--lenient is an option of config aws', undefined, 'awsh config aws --lenient');
  }
  if (action === 'aws') return showAwsFiles(context, input);
  if (action === 'set') return change(context, name ?? '', values);
  if (action === 'unset') return change(context, name ?? '', []);
  const states = settingStates(context.paths.settings, context.environment, context.paths.home);
  if (action === 'list') return list(context, states, input.flag('json'));
  return get(
    context,
    states.find(({ key }) => key === name),
    input.flag('json'),
  );
}

/** The least and the greatest number of words after each action, and the text for an error. */
const words: Readonly<Record<string, readonly [least: number, most: number, said: string]>> = {
  list: [0, 0, 'nothing more'],
  aws: [0, 0, 'nothing more'],
  get: [1, 1, 'the name of a setting'],
  unset: [1, 1, 'the name of a setting'],
  set: [2, Number.POSITIVE_INFINITY, 'the name of a setting and its value'],
};

function requireWords(action: string, given: number): void {
  const [least, most, said] = words[action] ?? [0, 0, ''];
  if (given > most || (least > 0 && given < least)) {
    throw new UsageError(
      `config ${action} takes ${said}`,
      'awsh config shows each setting',
      'awsh config --help',
    );
  }
}

async function list(context: Context, states: readonly SettingState[], asJson: boolean): Promise<number> {
  const { output, paths } = context;
  if (asJson) {
    await output.print(jsonText(states.map(stateJson)));
    return 0;
  }
  const rows = states.map((state) => [
    state.key,
    state.values.join(', ') || '-',
    source(state),
    state.meaning,
  ]);
  await output.print(
    proseTableText(['SETTING', 'VALUE', 'FROM', 'MEANING'], rows, await lookOf(output.stdout)),
  );
  output.tell(`awsh: the file is ${printablePath(paths.settings, paths.home)}`);
  return 0;
}

async function get(context: Context, state: SettingState | undefined, asJson: boolean): Promise<number> {
  if (state === undefined) throw new ReferenceError('the command table names a setting that there is not');
  const lines = state.values.map((value) => `${printable(value)}\n`);
  if (asJson) await context.output.print(jsonText(stateJson(state)));
  else if (lines.length > 0) await context.output.print(lines.join(''));
  else context.output.tell(`awsh: ${state.key} is not set`);
  return state.values.length > 0 ? 0 : 1;
}

/** Without values, removes the setting. */
async function change(context: Context, name: string, values: readonly string[]): Promise<number> {
  const { paths, output, environment } = context;
  const lock = join(paths.locks, 'settings');
  await withLock(lock, { timeoutMs: 10_000, staleMs: 60_000, fallback: `${paths.settings}.lock` }, async () =>
    setSetting(paths.settings, name, values, paths.home),
  );
  const state = settingStates(paths.settings, environment, paths.home).find(({ key }) => key === name);
  const file = printablePath(paths.settings, paths.home);
  output.tell(
    `awsh: ${name} is ${values.length > 0 ? values.map(printable).join(', ') : 'not set'} in ${file}`,
  );
  if (name === 'log_to' && values[0] === 'syslog' && findLogger() === null) output.tell(`awsh: ${noLogger}`);
  if (state?.from === 'environment') output.tell(`awsh: in this shell ${state.place} overrides it`);
  return 0;
}

function source({ from, place }: SettingState): string {
  return from === 'environment' ? (place ?? from) : from;
}

function stateJson({ key, isList, values, from, place, meaning }: SettingState) {
  return { name: key, value: isList ? values : (values[0] ?? null), from, place, meaning };
}
