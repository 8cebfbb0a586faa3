import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allValues,
  arrayList,
  blockedValues,
  blockingCase,
  blockingCaseInFish,
  blockingInBash,
  claimableList,
  dropIdentityInBash,
  dropIdentityInFish,
  dropIdentityInZsh,
  dropInherited,
  dropInheritedInFish,
  eachSecretInBash,
  eachThemeInFish,
  eachThemeInShell,
  fishList,
  fixableList,
  managedInBash,
  managedLists,
  otherNames,
  placeInLauncher,
  requestLists,
  stateLineInBash,
  stateLineInZsh,
  toldInLauncher,
  usualValues,
  versionsInBash,
  wordList,
} from './hook-lists.ts';
import {
  outdatedInFish,
  outdatedText,
  soonInBash,
  soonInFish,
  soonInZsh,
  textsInBash,
  textsInFish,
  textsInZsh,
} from './hook-texts.ts';
import { waitingReply } from './waiting-reply.ts';
import { formatReply } from './wire-format.ts';

/*
 * The generated parts of the launcher, the hooks and fish's helper: regions between `# <NAME: npm
 * run generate>` and `# </NAME>`, and the version word that the two files of a shell's hook
 * compare. `npm run generate` writes both, and a test fails if one differs.
 */

/** The lines of each region of one file, without the indentation of its marks. */
type Regions = Readonly<Record<string, readonly string[]>>;

const lines = (text: string) => text.trimEnd().split('\n');
const indented = (text: string) => text.replace(/^/gm, '  ');
const core = (fixable: string, claimable: string, outdated: string) => ({
  'fixed-variables': lines(`${fixable}\n${claimable}`),
  outdated: lines(outdated),
});
const [launcherMatch, launcherIsOlder] = versionsInBash('$awsh_own', '$awsh_version', '<=');
const [hookMatch, hookIsNewer] = versionsInBash('$__awsh_version', '$1', '>');
const [helperMatch, helperIsNewer] = versionsInBash('$own', '$version', '>');

const files: Readonly<Record<string, Regions>> = {
  'bin/awsh': {
    'state-line': stateLineInBash({
      prefix: 'awsh_',
      read: "IFS=' ' read -r -n 256",
      from: '<"$awsh_file"',
      otherwise: 'break',
    }),
    'newer-version': lines(`[[ ${launcherMatch} ]] || break\n${launcherIsOlder} && break`),
    'told-variables': toldInLauncher,
    place: placeInLauncher(),
  },
  'shell/awsh-ask.bash': {
    'state-line': stateLineInBash({
      prefix: '',
      read: "IFS=' ' read -r -n 256",
      from: '<"$state"',
      otherwise: 'exit 1',
    }),
    'newer-version': lines(`[[ ${helperMatch} ]] &&\n${indented(`${helperIsNewer} && exit 1`)}`),
  },
  // The launcher does not check whether others can replace the file, so the hook does not open it
  // until the next answer.
  'shell/awsh-join.bash': {
    'wait-reply': lines(`awsh_wait_reply='${formatReply('-', { ...waitingReply(null), isShared: true })}'`),
  },
  'shell/awsh.bash': {
    ...core(fixableList(arrayList), claimableList(arrayList), outdatedText),
    'drop-inherited': dropInherited,
  },
  'shell/awsh-rest.bash': {
    'managed-variables': lines(managedInBash()),
    'request-variables': lines(requestLists(wordList)),
    texts: lines(textsInBash),
    'usual-values': usualValues,
    'blocked-values': blockedValues,
    'all-values': allValues,
    'other-names': otherNames,
    secrets: eachSecretInBash,
    'state-line': stateLineInBash({
      prefix: '_a_',
      read: 'builtin read -r -n 256 -u 9',
      from: '9<"$__awsh_agent"',
      otherwise: 'return',
    }),
    'newer-version': lines(`[[ $__awsh_version && ${hookMatch} ]] &&\n${indented(hookIsNewer)}`),
    'blocking-variables': blockingInBash,
    'blocking-statuses': blockingCase,
    'soon-over': soonInBash,
    themes: eachThemeInShell('_a_name'),
    'drop-identity': dropIdentityInBash,
  },
  'shell/awsh.zsh': {
    ...core(fixableList(arrayList), claimableList(arrayList), outdatedText),
    'drop-inherited': dropInherited,
  },
  'shell/awsh-rest.zsh': {
    'managed-variables': lines(managedLists((name, names) => `typeset -ga ${arrayList(name, names)}`)),
    'request-variables': lines(requestLists(arrayList)),
    texts: lines(textsInZsh),
    'state-line': stateLineInZsh,
    'blocking-statuses': blockingCase,
    'soon-over': soonInZsh,
    themes: eachThemeInShell('name'),
    'drop-identity': dropIdentityInZsh,
  },
  'shell/awsh.fish': {
    ...core(fixableList(fishList), claimableList(fishList), outdatedInFish),
    'drop-inherited': dropInheritedInFish,
  },
  'shell/awsh-rest.fish': {
    'managed-variables': lines(managedLists(fishList)),
    'request-variables': lines(requestLists(fishList)),
    texts: lines(textsInFish()),
    'blocking-statuses': blockingCaseInFish,
    'soon-over': soonInFish,
    themes: eachThemeInFish,
    'drop-identity': dropIdentityInFish,
  },
};

/** The two files of one shell, which have the same word. */
const pairs = ['bash', 'zsh', 'fish'].map((name) => [`shell/awsh.${name}`, `shell/awsh-rest.${name}`]);

interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Each file that has generated regions, with its expected text. */
export function hookFiles(packageFolder: string): GeneratedFile[] {
  const texts = new Map(
    Object.entries(files).map(([name, regions]) => [
      name,
      withRegions(readFileSync(join(packageFolder, name), 'utf8'), name, regions),
    ]),
  );
  for (const pair of pairs) {
    const word = wordOf(pair.map((name) => texts.get(name) ?? ''));
    for (const name of pair) texts.set(name, (texts.get(name) ?? '').replace(wordPattern, `$1${word}`));
  }
  return [...texts].map(([name, text]) => ({ path: join(packageFolder, name), text }));
}

/** Throws an Error if a region has no marks, or marks have no region. */
function withRegions(text: string, name: string, regions: Regions): string {
  const found: string[] = [];
  const result = text.replace(
    /^( *)# <([\w-]+): npm run generate>\n(?:.*\n)*?( *)# <\/\2>$/gm,
    (_, indent: string, region: string, ending: string) => {
      found.push(region);
      const body = (regions[region] ?? []).map((line) => (line === '' ? '' : `${indent}${line}`));
      return [`${indent}# <${region}: npm run generate>`, ...body, `${ending}# </${region}>`].join('\n');
    },
  );
  const [expected, marked] = [Object.keys(regions).sort().join(), found.sort().join()];
  if (expected !== marked) throw new Error(`${name}: the regions are ${expected}, and ${marked} are marked`);
  return result;
}

/** In the first file `word=WORD`, in the second a comparison. */
const wordPattern = /(word(?:=| |-\} == |" = ))[0-9a-f]{12}\b/;

/**
 * Two files that were not installed together have different words, whatever differs between them.
 */
function wordOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text.replace(wordPattern, '$1'));
  return hash.digest('hex').slice(0, 12);
}

export function writeHookFiles(packageFolder: string): void {
  for (const { path, text } of hookFiles(packageFolder)) writeFileSync(path, text);
}
