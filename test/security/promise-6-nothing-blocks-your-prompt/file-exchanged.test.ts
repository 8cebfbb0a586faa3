import { chmodSync, chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { othersCanExchange } from '../../../src/directory/index.ts';
import { agentSandbox } from '../../support/agent-sandbox.ts';
import { describeWithAnotherUser, startStranger } from '../../support/another-user.ts';
import { loadedReply } from '../../support/hook-package.ts';
import { hookShells, openHookShell } from '../../support/hook-shell.ts';
import { openSandboxShell } from '../../support/sandbox-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/**
 * Another user's program that replaces a directory file with a file and a FIFO in turn, as fast as
 * it can.
 */
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

/** A folder that others can write to, with or without a directory file of this user. */
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

/** A group that is not the private one of its user, if the tests may choose one. */
function giveToGroup(folder: string): void {
  if (isRoot) chownSync(folder, 0, 1);
  chmodSync(folder, 0o775);
}

describeWithAnotherUser.each(hookShells)('another user who exchanges a directory file, in %s,', (name) => {
  it.each([
    ['the user’s own file, in a folder for all', 0o777, true],
    ['a file of that user, in a folder like /tmp', 0o1777, false],
  ])('a replaced file delays no prompt: %s', { timeout: 120_000 }, async (_, mode, withFile) => {
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

/**
 * Makes `folder/link` a link to `target`. With `by`, it goes through another link, with this path.
 */
function replaceByLink(home: string, target: string, by: string): void {
  if (by !== '') symlinkSync(target, join(home, 'folder', by));
  symlinkSync(by || target, join(home, 'folder/link'));
}

describe('a directory file', () => {
  it.each<[string, boolean, (folder: string) => void]>([
    ['a folder of the user', false, () => {}],
    ['a folder that others can write to', true, (folder) => chmodSync(folder, 0o777)],
    ['a folder of a group', isRoot, giveToGroup],
    ['a folder below one that others can write to', true, (folder) => chmodSync(dirname(folder), 0o777)],
    ['a folder below one like /tmp', false, (folder) => chmodSync(dirname(folder), 0o1777)],
  ])('in %s: can others replace it? %s', (_, expected, change) => {
    const home = temporaryHome();
    const file = home.write('above/folder/.awsprofile', 'dev\n');
    change(dirname(file));
    expect(othersCanExchange(file)).toBe(expected);
    symlinkSync(dirname(file), join(home.path, 'link'));
    expect(othersCanExchange(join(home.path, 'link/.awsprofile'))).toBe(expected);
  });

  it.each<[string, boolean, (home: string) => void]>([
    [
      'the file itself is a link into an open folder',
      true,
      (home) => symlinkSync('../open/file', join(home, 'folder/.awsprofile')),
    ],
    ['a link to it is in an open folder', true, (home) => replaceByLink(home, '../closed', '../open/link')],
    ['a link leads out of an open folder', true, (home) => replaceByLink(home, '../open/../closed', '')],
    ['links lead through closed folders', false, (home) => replaceByLink(home, '../closed', '../other')],
  ])('can be replaced if %s: %s', (_, expected, change) => {
    const home = temporaryHome();
    for (const name of ['folder', 'closed', 'open']) home.write(`${name}/file`, 'dev\n');
    home.write('closed/.awsprofile', 'dev\n');
    chmodSync(join(home.path, 'open'), 0o777);
    change(home.path);
    const link = join(home.path, 'folder/link/.awsprofile');
    expect(othersCanExchange(existsSync(link) ? link : join(home.path, 'folder/.awsprofile'))).toBe(expected);
  });

  it('that is missing for a moment in a shared folder is not considered safe', async () => {
    const { awsh, loadCold, loadWarm, sandbox } = await agentSandbox();
    const folder = join(sandbox.home, 'projects/dev/open/sub');
    mkdirSync(folder, { recursive: true });
    chmodSync(dirname(folder), 0o777);
    await awsh(['allow', 'projects/dev']);
    // Another user removes the file in this folder while the file above is used.
    for (const cwd of [folder, join(folder, 'gone')]) {
      expect(await loadCold(cwd)).toMatch(/^- ok (.*\n)+shared 1\n/);
      expect(await loadWarm(cwd)).toMatch(/^ok (.*\n)+shared 1\n/);
    }
    const none = join(sandbox.home, 'open/sub');
    mkdirSync(none, { recursive: true });
    chmodSync(dirname(none), 0o777);
    expect(await loadCold(none)).toMatch(/^- none .*\nshared 1\n/);
    expect(await loadWarm(none)).toMatch(/^none .*\nshared 1\n/);
    expect(await loadWarm(dirname(dirname(none)))).toMatch(/^none .*\nend\n$/);
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
      // As in any folder, an edit takes effect at the next prompt.
      writeFileSync(join(dev, '.awsprofile'), 'prod\n');
      await shell.run(':');
      expect(await shell.output('echo "[$AWS_ACCESS_KEY_ID]"')).toBe('[]');
    },
  );
});
