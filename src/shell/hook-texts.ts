import { quoteFish, quotePosix } from './dialects.ts';
import { hookReasons, overrideWords, segmentSeconds, sentStates, stateTable } from './state-table.ts';

/*
 * The texts that the hooks print, from the table of states: the text of a marked region of each
 * (hook-files.ts).
 */

/**
 * The texts that a hook may need: for all states that a reply may have, and for those that the hook
 * finds itself.
 */
const headlines = [...sentStates, 'overridden' as const].map(
  (state) => [state, stateTable[state].headline] as const,
);

const variables: readonly (readonly [name: string, text: string])[] = [
  ['__awsh_text_interrupted', hookReasons.interrupted],
  ['__awsh_text_unanswered', hookReasons.unanswered],
  ['__awsh_text_path', hookReasons.path],
  ['__awsh_text_in_exec', hookReasons.inExec],
  ['__awsh_text_overridden', stateTable.overridden.reason],
  ['__awsh_text_read_only', hookReasons.readOnly],
  ['__awsh_text_by_tool', overrideWords.byTool],
  ['__awsh_text_by_hand', overrideWords.byHand],
  ['__awsh_next_blocked', stateTable.blocked.next],
  ['__awsh_next_overridden', stateTable.overridden.next],
];

const bashTexts = [
  ['interrupted', hookReasons.interrupted],
  ['unanswered', hookReasons.unanswered],
  ['path', hookReasons.path],
  ['in_exec', hookReasons.inExec],
  ['overridden', stateTable.overridden.reason],
  ['read_only', hookReasons.readOnly],
] as const;

const purpose = (argument: string, variable: string) =>
  `# Sets ${variable} to what the state ${argument} means for the user. Fails for a state that no reply may have.\n`;

const zshSettings = `${variables.map(([name, text]) => `${name}=${quotePosix(text)}\n`).join('')}\n`;

export const outdatedText = `__awsh_text_outdated=${quotePosix(hookReasons.outdated)}\n`;

const textFunction = [
  "# Sets the caller's _a_line to a reason that the hook has by itself.\n__awsh_text() {\n  case $1 in\n",
  ...bashTexts.map(([name, text]) => `    ${name}) _a_line=${quotePosix(text)} ;;\n`),
  '  esac\n}\n\n',
].join('');

export const outdatedInFish = `set -g __awsh_text_outdated ${quoteFish(hookReasons.outdated)}\n`;

export const textsInBash = `${textFunction}${headlineFunction('_a_headline')}`;

export const textsInZsh = `${zshSettings}${headlineFunction('headline')}`;

function headlineFunction(variable: string): string {
  const cases = headlines.map(
    ([state, headline]) => `    ${quotePosix(state)}) ${variable}=${quotePosix(headline)} ;;\n`,
  );
  return [
    purpose('$1', variable),
    '__awsh_headline() {\n  case $1 in\n',
    ...cases,
    '    *) return 1 ;;\n  esac\n}\n',
  ].join('');
}

export function textsInFish(): string {
  const cases = headlines.map(
    ([state, headline]) =>
      `        case ${quoteFish(state)}\n            set headline ${quoteFish(headline)}\n`,
  );
  const settings = variables.map(([name, text]) => `set -g ${name} ${quoteFish(text)}\n`);
  return [
    ...settings,
    '\n',
    purpose('$argv[1]', "the caller's `headline`"),
    'function __awsh_headline -S\n    switch "$argv[1]"\n',
    ...cases,
    "        case '*'\n            return 1\n    end\n    return 0\nend\n",
  ].join('');
}

/** The colour of the segment when the session ends soon. */
const { red, yellow } = segmentSeconds;

export const soonInBash = [
  `if ((_a_left < ${red})); then`,
  '  _a_colour=31',
  `elif ((_a_left < ${yellow} && _a_colour == 32)); then`,
  '  _a_colour=33',
  'fi',
];

export const soonInZsh = [
  `if ((seconds < ${red})); then`,
  '  colour=red',
  `elif ((seconds < ${yellow})) && [[ $colour == green ]]; then`,
  '  colour=yellow',
  'fi',
];

export const soonInFish = [
  `if test $left -lt ${red}`,
  '    set colour 31',
  `else if test $left -lt ${yellow} -a $colour = 32`,
  '    set colour 33',
  'end',
];
