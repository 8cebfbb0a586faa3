import { existsSync } from 'node:fs';
import { printablePath } from '../../system/index.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { Check } from '../scene.ts';
import { blockOf } from '../start-up-text.ts';

/** Whether new shells load awsh, and from files that are there. */
export const startUpFile: Check = {
  name: 'start-up-file',
  run({ startUp, hook, paths }): Finding[] {
    if (startUp === null) return [];
    const shown = (path: string) => printablePath(path, paths.home);
    const blocks = startUp.files.flatMap(({ path, text }) => {
      const block = blockOf(text);
      return block === null ? [] : [{ path, block }];
    });
    const [first] = startUp.files;
    if (blocks.length === 0 && first !== undefined) {
      const file = shown(first.path);
      return hook === null
        ? [note(`new shells do not load awsh: ${file} says nothing of it`, null, 'awsh setup')]
        : [ok(`awsh is loaded without a block in ${file}`)];
    }
    return blocks.map(({ path, block }) => {
      const gone = filesOf(block).find((file) => !existsSync(file));
      if (gone === undefined) return ok(`${shown(path)} loads awsh in every new ${startUp.shell}`);
      return problem(
        `${shown(path)} loads awsh from a file that is gone: ${shown(gone)}`,
        'new shells start without awsh',
        'awsh setup',
      );
    });
  },
};

/** The files that the block's lines test for: `-r FILE`, with or without quotes. */
function filesOf(block: string): string[] {
  // The start-up file is read as bytes, one character each.
  const lines = Buffer.from(block, 'latin1').toString('utf8');
  return [...lines.matchAll(/ -r (?:'((?:[^']|'\\'')*)'|([^\s;'\]]+))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll("'\\''", "'") ?? plain ?? '',
  );
}
