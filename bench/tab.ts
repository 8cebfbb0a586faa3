import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../test/support/sandbox-shell.ts';
import { temporaryHome } from '../test/support/temporary-home.ts';
import { openTerminal } from '../test/support/terminal.ts';
import { clock, runTimed } from './shell-hooks.ts';
import { median } from './timing.ts';

export interface TabBench {
  readonly shell: 'bash' | 'zsh' | 'fish';
  /** A home with a names cache. */
  readonly environment: Readonly<Record<string, string>>;
  /** The text before the cursor, after `awsh exec `. */
  readonly word: string;
  /** How many of the names begin with it. If the shell found another number, there is no result. */
  readonly matches: number;
}

const rounds = 25;
const completions = join(packageFolder, 'completions');

/**
 * A home with a config of that many role profiles. In `npm run bench`, awsh itself writes the names
 * for Tab.
 */
export function homeWithProfiles(count: number): {
  readonly path: string;
  environment: Record<string, string>;
} {
  const home = temporaryHome({ keep: true });
  const profiles = Array.from({ length: count }, (_, at) => {
    const account = String(100_000_000_000 + at);
    return `[profile ${profileName(at)}]\nrole_arn = arn:aws:iam::${account}:role/Developer\nsource_profile = base\n`;
  });
  home.write('.aws/config', profiles.join(''));
  return home;
}

export function profileName(at: number): string {
  return `team-${String(at).padStart(5, '0')}-developer`;
}

/**
 * Milliseconds of one Tab, the median of many in one interactive shell, without the first, which
 * loads what is needed.
 */
export async function timeTab(bench: TabBench): Promise<number> {
  const laps = await { bash: tabInBash, zsh: tabInZsh, fish: tabInFish }[bench.shell](bench);
  if (laps.length < rounds) throw new Error(`Tab in ${bench.shell}: ${laps.length} of ${rounds} laps`);
  return median(laps.slice(-rounds)) / 1000;
}

/**
 * The completion function, called as readline calls it for a listing, which takes longer than the
 * Tab before it.
 */
async function tabInBash({ environment, word, matches }: TabBench): Promise<number[]> {
  const { now } = clock.bash;
  const laps = await runTimed(
    'bash',
    `. '${completions}/awsh.bash'
COMP_LINE='awsh exec ${word}' COMP_WORDS=(awsh exec '${word}') COMP_CWORD=2 COMP_TYPE=63 COMP_KEY=9
COMP_POINT=\${#COMP_LINE}
for ((i = 0; i <= ${rounds}; i++)); do
  t0=${now}; __awsh_tab awsh '${word}' exec 2>/dev/null; t1=${now}; echo tab $((t1 - t0))
done
[[ \${#COMPREPLY[@]} == ${matches} ]] || { echo "\${#COMPREPLY[@]} names" >&2; exit 1; }`,
    environment,
  );
  return laps('tab');
}

/** The widget bound to Tab, in the line editor in a terminal, with compinit loaded. */
async function tabInZsh({ environment, word, matches }: TabBench): Promise<number[]> {
  const home = environment.HOME ?? '';
  const { now, prepare } = clock.zsh;
  const out = join(home, 'laps');
  const rc = `${prepare}
autoload -Uz compinit && compinit -u -D
. '${completions}/_awsh'
count_matches() { matches=$compstate[nmatches] }
comppostfuncs=(count_matches)
laps() {
  local line='awsh exec ${word}' i t0 t1
  for ((i = 0; i <= ${rounds}; i++)); do
    BUFFER=$line CURSOR=$#line comppostfuncs=(count_matches)
    t0=${now}; zle complete-word; t1=${now}; times+=($((t1 - t0)))
  done
  print -rl -- $matches $times >'${out}'
  BUFFER='' && print -n 'all laps run'
}
zle -N laps && bindkey '^T' laps
PROMPT='ready> '
`;
  writeFileSync(join(home, '.zshrc'), rc);
  const terminal = await openTerminal('zsh', ['-d', '-i'], {
    environment: { ...environment, ZDOTDIR: home },
    columns: 200,
    keep: true,
  });
  try {
    await terminal.waitFor('ready> ');
    terminal.press('^T');
    await terminal.waitFor('all laps run', 60_000);
  } finally {
    terminal.close();
    await terminal.exited;
  }
  const [found, ...laps] = readFileSync(out, 'utf8').trim().split('\n').map(Number);
  if (found !== matches) throw new Error(`Tab in zsh found ${found} names of ${matches}`);
  return laps;
}

/** `complete -C`, which answers as Tab does. fish's own `time` measures it. */
async function tabInFish({ environment, word, matches }: TabBench): Promise<number[]> {
  const laps = await runTimed(
    'fish',
    `function awsh; end
set -a fish_complete_path '${completions}'
test (complete -C 'awsh exec ${word}' | count) = ${matches}; or exit 1
for i in (seq ${rounds})
  time complete -C 'awsh exec ${word}' >/dev/null
end`,
    environment,
  );
  return laps('fish time');
}
