import { type CommandInput, type Context, jsonText } from '../cli/index.ts';
import { epochSeconds } from '../system/index.ts';
import { callingShell } from './calling-shell.ts';
import { type Segment, segmentOf } from './prompt-segment.ts';

const sgr = { red: 31, green: 32, yellow: 33 };
const ansi = ({ text, colour }: Segment) => `\x1b[${sgr[colour]}m${text}\x1b[0m`;

/**
 * How each prompt writes colours. No character of the segment's text has a special meaning in any
 * of them.
 */
const written: Readonly<Record<string, (segment: Segment) => string>> = {
  // readline's own marks for text without width: bash looks for \[ and \] before it expands PS1.
  bash: ({ text, colour }) => `\x01\x1b[${sgr[colour]}m\x02${text}\x01\x1b[0m\x02`,
  zsh: ({ text, colour }) => `%F{${colour}}${text}%f`,
  fish: ansi,
  tmux: ({ text, colour }) => `#[fg=${colour}]${text}#[default]`,
};

/**
 * `awsh prompt`: prints the segment, from the environment alone; prints nothing if there is none.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const { environment, clock, output } = context;
  const segment = segmentOf(environment, epochSeconds(new Date(clock.now())));
  if (input.value('format') === 'json') {
    await output.print(jsonText(segmentJson(segment, context)));
    return 0;
  }
  if (segment === null) return 0;
  const shell = input.value('shell');
  const isPlain = environment.NO_COLOR || environment.TERM === 'dumb';
  const write = shell === undefined ? (output.stdout.colours ? ansi : null) : isPlain ? null : written[shell];
  await output.print(`${write ? write(segment) : segment.text}\n`);
  return 0;
}

/**
 * `awsh prompt --format json`: the state of the shell, and the segment; its text is empty if it
 * shows nothing.
 */
function segmentJson(segment: Segment | null, context: Context): object {
  const { state, reason, next } = callingShell(context);
  return { state, reason, next, text: segment?.text ?? '', colour: segment?.colour ?? null };
}
