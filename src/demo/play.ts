import type { Guide } from './guide.ts';
import { type PseudoTerminal, promptEnd } from './pseudo-terminal.ts';
import type { Scene, Step } from './scenes.ts';

const prompt = new RegExp(promptEnd);
const guideAndPrompt = new RegExp(`type: [^]*${promptEnd}`);

/**
 * Types each step of the scenes into the shell at this terminal, answers its questions, and checks
 * its output. Null if everything was right, for the guide too; else the command, and what was
 * missing.
 */
export async function playScenes(
  scenes: readonly Scene[],
  terminal: PseudoTerminal,
  guide: Guide,
): Promise<{ command: string; missing: string } | null> {
  if ((await terminal.waitFor(prompt, 0)) === null) return { command: 'the start', missing: 'a prompt' };
  for (const step of scenes.flatMap(({ steps }) => steps)) {
    const missing = await playStep(step, terminal, guide);
    if (missing !== null) return { command: step.command, missing: String(missing) };
  }
  return null;
}

async function playStep(step: Step, terminal: PseudoTerminal, guide: Guide): Promise<RegExp | string | null> {
  const since = terminal.shown().length;
  const passed = guide.passed;
  const [keys = '', afterTab] = step.command.split('<Tab>');
  terminal.type(keys + (afterTab === undefined ? '\r' : '\t'));
  let asked = since;
  for (const { question, keys: answer } of step.answers ?? []) {
    if ((await terminal.waitFor(question, asked)) === null) return question;
    asked = terminal.shown().length;
    terminal.type(answer);
  }
  for (const pattern of step.shows) if ((await terminal.waitFor(pattern, since)) === null) return pattern;
  if ((await terminal.waitFor(guideAndPrompt, asked)) === null) return guideAndPrompt;
  return guide.passed > passed ? null : 'the next step';
}
