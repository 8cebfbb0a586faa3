import { type Finding, note, ok } from '../finding.ts';
import type { Check } from '../scene.ts';

/**
 * Version managers with a folder for each version of Node, and the form of its path; the version is
 * the last part.
 */
const managers: readonly (readonly [name: string, folder: RegExp])[] = [
  ['fnm', /\/fnm(?:_multishells\/[^/]+|\/node-versions\/([^/]+))\//],
  ['nvm', /\/versions\/node\/(v[0-9][^/]*)\//],
  ['asdf', /\/\.asdf\/installs\/nodejs\/([^/]+)\//],
  ['mise', /\/mise\/installs\/node\/([^/]+)\//],
  ['Volta', /\/\.?volta\/tools\/image\/(?:node\/([^/]+)|packages)\//i],
  ['nodenv', /\/\.nodenv\/versions\/([^/]+)\//],
  ['n', /\/n\/versions\/node\/([^/]+)\//],
  ['Homebrew', /\/Cellar\/node(?:@[0-9]+)?\/([^/]+)\//],
];

/** The version manager that installed a Node, by its path; null for a system's own. */
export function managerOf(path: string): { readonly name: string; readonly version: string | null } | null {
  for (const [name, folder] of managers) {
    const match = folder.exec(path);
    if (match !== null) return { name, version: match[1] ?? null };
  }
  return null;
}

/** The Node that runs awsh, and whether awsh would be lost with that Node. */
export const node: Check = {
  name: 'node',
  run({ node: { version, path }, packageFolder }): Finding[] {
    const manager = managerOf(path);
    const runs = ok(`Node ${version}${manager === null ? '' : `, by ${manager.name}`}`);
    const owner = managerOf(`${packageFolder}/`);
    if (owner === null || owner.name === 'Homebrew' || (owner.name === 'Volta' && owner.version === null)) {
      return [runs];
    }
    const whose = `${owner.name}’s Node ${owner.version ?? ''}`.trimEnd();
    return [
      runs,
      note(
        `this awsh is installed only for ${whose}`,
        'other versions of Node do not find it, and removing this version removes it',
        'after a change of Node: install awsh again, as you installed this one',
      ),
    ];
  },
};
