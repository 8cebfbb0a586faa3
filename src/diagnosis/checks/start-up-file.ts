import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { printablePath } from '../../system/index.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { Check, StartUp } from '../scene.ts';
import { blockOf } from '../start-up-text.ts';

/** Whether new shells load awsh, and from files that exist. */
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
        ? [note(`new shells do not load awsh: ${file} does not mention it`, null, 'awsh setup')]
        : [ok(`awsh is loaded without a block in ${file}`)];
    }
    const withBlocks = blocks.map(({ path, block }) => {
      const gone = filesOf(block, paths.home).find((file) => !existsSync(file));
      if (gone === undefined) return ok(`${shown(path)} loads awsh in every new ${startUp.shell}`);
      return problem(
        `${shown(path)} loads awsh from a file that is gone: ${shown(gone)}`,
        'new shells start without awsh',
        'awsh setup',
      );
    });
    return [...withBlocks, ...startUp.files.filter(({ text }) => blockOf(text) === null).map(lacking)];

    /** Only bash has two files: ~/.bashrc, and the one of login shells. */
    function lacking({ path }: StartUp['files'][number]): Finding {
      const isLogin = path !== first?.path;
      const which = isLogin ? 'login shells of bash (ssh, tmux)' : 'shells that are not login shells';
      return note(`${which} do not load awsh: ${shown(path)} does not mention it`, null, 'awsh setup');
    }
  },
};

/** The files that the block's lines test for: `-r FILE`, quoted or not, or below $HOME. */
function filesOf(block: string, home: string): string[] {
  // The start-up file is read as bytes, one character each.
  const lines = Buffer.from(block, 'latin1').toString('utf8');
  const word = / -r (?:"\$HOME\/([^"]*)"|("\$HOME"\/)?(?:'((?:[^']|'\\'')*)'|([^\s;'\]]+)))/g;
  return [...lines.matchAll(word)].map(([, below, isBelow, quoted, plain]) => {
    const path = below ?? quoted?.replaceAll("'\\''", "'") ?? plain ?? '';
    return below !== undefined || isBelow ? join(home, path) : path;
  });
}
