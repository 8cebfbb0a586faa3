import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ImportHome, importHome, inWords, plainText, sample } from '../../support/import-homes.ts';
import { type KillableProgram, killableProgram } from '../../support/killed-process.ts';

/*
 * The real command, killed with SIGKILL before and after each change that it makes to a file. Each
 * key is always in the vault or in the plain file, and running the command again completes the
 * import.
 */

const program = `
import { runCommandLine } from './src/entry/main.ts';
import { streamOutput } from './src/cli/output.ts';
import { systemClock } from './src/system/index.ts';
process.exit(await runCommandLine(['import', '--all', '--yes'], {
  environment: process.env, cwd: () => process.env.HOME, clock: systemClock, packageFolder: '/nonexistent',
  output: streamOutput(process.stdout, process.stderr, process.env),
}));
`;

const names = ['work', 'dev', 'prod'];
const rest = '[other]\n# a comment\nregion = eu-west-1\n';

/** What remains of the file: every line except those of the keys. */
const left = names.map((name) => `[${name}]\n`).join('') + rest;

let command: KillableProgram;
beforeAll(() => {
  command = killableProgram(program);
});
afterAll(() => command.remove());

function homeWithKeys(): ImportHome {
  const home = importHome();
  home.write('.aws/credentials', names.map((name) => plainText(name)).join('') + rest);
  return home;
}

/** The file with names for Tab has no keys. */
const readable = (step: string) => step.replace(/.*(\.aws|awsh)\//, '');

/** The files that the command writes, in this order. */
const steps = [
  'profiles',
  'vault/vault.key',
  'vault/access-key.work.jwe',
  'vault/access-key.dev.jwe',
  'vault/access-key.prod.jwe',
  'index.json',
  'config',
  'credentials',
  'profiles',
];

/** All except the names for Tab. */
const keySteps = steps.map((what, step) => ({ what, step })).filter(({ what }) => what !== 'profiles');

async function expectNothingLost(home: ImportHome): Promise<void> {
  const file = home.read('.aws/credentials');
  expect(file).toContain(rest);
  const inVault = await home.stored(...names);
  for (const name of names) {
    const { id, secret } = sample(name);
    const isPlain = file.includes(id) && file.includes(secret);
    expect(isPlain || inVault[name] === inWords(name), `${name} is somewhere`).toBe(true);
  }
}

test('an uninterrupted import changes just these files', async () => {
  const home = homeWithKeys();
  const { status, steps: taken } = await command.run(home);
  expect(status).toBe(0);
  expect(taken.map(readable)).toEqual(steps);
  expect(home.read('.aws/credentials')).toBe(left);
});

describe.each(['before', 'after'] as const)('killed %s', (when) => {
  test.each(keySteps)('$what (step $step)', async ({ step }) => {
    const home = homeWithKeys();
    const { killed } = await command.run(home, { kill: { step, when } });
    expect(killed).toBe(true);
    await expectNothingLost(home);
    expect((await home.run('import', '--all', '--yes')).status).toBe(0);
    expect(home.read('.aws/credentials')).toBe(left);
    expect(await home.stored(...names)).toEqual(
      Object.fromEntries(names.map((name) => [name, inWords(name)])),
    );
  });
});
