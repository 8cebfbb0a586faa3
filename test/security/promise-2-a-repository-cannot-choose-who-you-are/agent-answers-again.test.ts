import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type AgentSandbox, agentSandbox } from '../../support/agent-sandbox.ts';

/**
 * A sandbox whose agent has answered for a folder below the dev project, and would repeat that
 * answer from memory.
 */
async function answeredSandbox() {
  const it = await agentSandbox();
  const project = join(it.sandbox.home, 'projects/dev');
  const folder = join(project, 'src/deep');
  mkdirSync(folder, { recursive: true });
  await it.awsh(['allow', project]);
  expect(await it.loadCold(folder)).toMatch(/^- ok \d+ dev\n/);
  // The agent does not cache an answer about a file that has just changed.
  await sleep(150);
  const answer = await it.loadWarm(folder);
  expect(answer).toMatch(/^ok \d+ dev\nset AWS_ACCESS_KEY_ID ASIA/);
  for (const _ of [1, 2, 3]) expect(await it.loadWarm(folder)).toBe(answer);
  return { ...it, project, folder, answer };
}

type Answered = Awaited<ReturnType<typeof answeredSandbox>>;
const directoryFile = ({ project }: Answered) => join(project, '.awsprofile');

describe('an earlier answer of the agent is not given again if', () => {
  it.each<[string, (to: Answered) => unknown, RegExp]>([
    [
      'the directory file has other bytes, as many, and its old time',
      (to) => {
        const file = directoryFile(to);
        const { atime, mtime } = statSync(file);
        writeFileSync(file, readFileSync(file, 'utf8').replace('dev', 'ops'));
        utimesSync(file, atime, mtime);
      },
      /^deny 0 changed\n/,
    ],
    [
      'another file was put in its place',
      (to) => {
        writeFileSync(join(to.project, 'new'), 'prod\n');
        renameSync(join(to.project, 'new'), directoryFile(to));
      },
      /^deny 0 changed\n/,
    ],
    [
      'a nearer one is there now',
      ({ folder }) => writeFileSync(join(folder, '.awsprofile'), 'dev\n'),
      /^deny 0 not allowed\n/,
    ],
    [
      'a nearer one is there now, and a link to nothing',
      ({ folder }) => symlinkSync('nothing', join(folder, '.awsprofile')),
      /^deny 0 malformed\n/,
    ],
    [
      'its folder is a link to where it was moved to',
      ({ project }) => {
        renameSync(project, `${project}-elsewhere`);
        symlinkSync(`${project}-elsewhere`, project);
      },
      /^deny 0 not allowed\n/,
    ],
    ['others can write it now', (to) => chmodSync(directoryFile(to), 0o666), /^blocked 0 malformed\n/],
    ['it was denied', ({ awsh, project }) => awsh(['deny', project]), /^deny 0 denied\n/],
    ['others can enter the folder of decisions', ({ paths }) => chmodSync(paths.trust, 0o755), /^(?!ok)/],
    [
      'its profile stands for another role',
      ({ paths }) => {
        const config = readFileSync(paths.awsConfig, 'utf8');
        writeFileSync(paths.awsConfig, config.replace(':role/developer', ':role/another'));
      },
      /^deny 0 changed\n/,
    ],
    [
      'its profile is protected now: somebody has to say yes',
      ({ paths }) =>
        writeFileSync(paths.settings, `${readFileSync(paths.settings, 'utf8')}protected[] = dev\n`),
      /^cold 0 -\n/,
    ],
    ['awsh is locked', ({ paths }) => writeFileSync(join(paths.state, 'locked'), ''), /^cold 0 -\n/],
  ])('%s', async (_, change, instead) => {
    const answered = await answeredSandbox();
    await change(answered);
    for (const _ of [1, 2]) expect(await answered.loadWarm(answered.folder)).toMatch(instead);
  });

  it('nothing but the time has changed, it is, and after a change that was undone', async () => {
    const { loadWarm, folder, answer, project } = await answeredSandbox();
    const nearer = join(folder, '.awsprofile');
    writeFileSync(nearer, 'dev\n');
    expect(await loadWarm(folder)).toMatch(/^deny/);
    renameSync(nearer, join(project, 'aside'));
    for (const _ of [1, 2]) expect(await loadWarm(folder)).toBe(answer);
  });

  it('trusted_dirs allows it, and others can write a folder on the way', async () => {
    const it: AgentSandbox = await agentSandbox();
    const project = join(it.sandbox.home, 'projects/dev');
    const folder = join(project, 'src');
    mkdirSync(folder);
    writeFileSync(join(folder, '.awsprofile'), 'dev\n');
    writeFileSync(
      it.paths.settings,
      `${readFileSync(it.paths.settings, 'utf8')}trusted_dirs[] = ${project}: dev\n`,
    );
    expect(await it.loadCold(folder)).toMatch(/^- ok \d+ dev\n/);
    await sleep(150);
    for (const _ of [1, 2]) expect(await it.loadWarm(folder)).toMatch(/^ok \d+ dev\n/);
    chmodSync(project, 0o777);
    expect(await it.loadWarm(folder)).not.toMatch(/^ok/);
  });
});
