import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { othersCanExchange } from '../../../src/directory/index.ts';
import { describeWithAnotherUser, startStranger } from '../../support/another-user.ts';
import { loadedReply } from '../../support/hook-package.ts';
import { hookShells, openHookShell } from '../../support/hook-shell.ts';
import { openSandboxShell } from '../../support/sandbox-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/** Another user's program that puts a file and a FIFO in turn in the place of a directory file, as fast as it can. */
const exchanging = `
  const fs = require('node:fs');
  process.chdir(process.argv[1]);
  require('node:child_process').spawnSync('mkfifo', ['-m', '666', 'pipe']);
  if (fs.existsSync('.awsprofile')) fs.renameSync('.awsprofile', 'file');
  else fs.writeFileSync('file', 'dev\\n', { mode: 0o644 });
  console.log('ready');
  for (;;) {
    fs.renameSync('file', '.awsprofile');
    fs.renameSync('.awsprofile', 'file');
    fs.renameSync('pipe', '.awsprofile');
    fs.renameSync('.awsprofile', 'pipe');
  }`;

/** A folder that others can write to, with a directory file of this user, or of nobody yet. */
function sharedFolder(mode: number, withFile: boolean) {
  const home = temporaryHome();
  const folder = join(home.path, 'shared');
  mkdirSync(folder);
  if (withFile) writeFileSync(join(folder, '.awsprofile'), 'dev\n');
  chmodSync(home.path, 0o755);
  chmodSync(folder, mode);
  return { home, folder };
}

const isRoot = process.getuid?.() === 0;

/** A group that is not the private one of its user, if the tests may choose it. */
function giveToGroup(folder: string): void {
  if (isRoot) chownSync(folder, 0, 1);
  chmodSync(folder, 0o775);
}

describeWithAnotherUser.each(hookShells)('another user who exchanges a directory file, in %s,', (name) => {
  it.each([
    ['the user’s own file, in a folder for all', 0o777, true],
    ['a file of that user, in a folder like /tmp', 0o1777, false],
  ])('holds up no prompt: %s', { timeout: 120_000 }, async (_, mode, withFile) => {
    const { home, folder } = sharedFolder(mode, withFile);
    const shell = await openHookShell(name, {
      home,
      prepare: (_home, kit) => kit.answer('shared', loadedReply('dev', { lines: ['shared 1'] })),
    });
    const stranger = startStranger(exchanging, folder);
    expect(await stranger.line()).toBe('ready');
    for (let round = 0; round < 8; round += 1)
      for (const line of [`cd ${folder}`, ':', 'cd /']) await shell.run(line, 60_000);
    expect(await shell.output('echo "[$AWS_ACCESS_KEY_ID]"')).toBe('[]');
  });
});

describe('a directory file', () => {
  it.each<[string, boolean, (folder: string) => void]>([
    ['a folder of the user', false, () => {}],
    ['a folder that others can write to', true, (folder) => chmodSync(folder, 0o777)],
    ['a folder of a group', isRoot, giveToGroup],
    ['a folder below one that others can write to', true, (folder) => chmodSync(dirname(folder), 0o777)],
    ['a folder below one like /tmp', false, (folder) => chmodSync(dirname(folder), 0o1777)],
  ])('in %s: can others exchange it? %s', (_, expected, change) => {
    const home = temporaryHome();
    const file = home.write('above/folder/.awsprofile', 'dev\n');
    change(dirname(file));
    expect(othersCanExchange(file)).toBe(expected);
    symlinkSync(dirname(file), join(home.path, 'link'));
    expect(othersCanExchange(join(home.path, 'link/.awsprofile'))).toBe(expected);
  });

  it.each(['off', ''])(
    'in a shared folder is loaded, and the hook is told so (agent %j)',
    async (AWSH_AGENT) => {
      const { sandbox, shell } = await openSandboxShell('bash', { environment: { AWSH_AGENT } });
      const dev = join(sandbox.home, 'projects/dev');
      await shell.run(`awsh allow ${dev}`);
      chmodSync(dev, 0o777);
      await shell.run(`cd ${dev}`);
      expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toMatch(/^ASIA/);
      expect(await shell.output('echo "${__awsh_shared_files//[$IFS]/}"')).toBe(join(dev, '.awsprofile'));
      chmodSync(dev, 0o755);
      await shell.run('cd .. && cd dev');
      expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toMatch(/^ASIA/);
      // As in any folder, an edit counts from the next prompt.
      writeFileSync(join(dev, '.awsprofile'), 'prod\n');
      await shell.run(':');
      expect(await shell.output('echo "[$AWS_ACCESS_KEY_ID]"')).toBe('[]');
    },
  );
});
