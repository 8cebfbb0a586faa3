import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { streamOutput } from '../../../src/cli/output.ts';
import { run as runImport } from '../../../src/commands/import.ts';
import { runCommandLine } from '../../../src/entry/main.ts';
import { systemClock } from '../../../src/system/index.ts';
import {
  type GeneratedFile,
  type GeneratedSection,
  generatedFiles,
  namesOf,
} from '../../support/credentials-files.ts';
import { heldVault } from '../../support/rotation-process.ts';
import { CapturedText, packageFolder } from '../../support/run-awsh.ts';

/*
 * The real command on generated files, with a vault that is unlocked, so that each run need not
 * derive the key with 600 000 rounds. TEST_FILES sets the number of files.
 */

const numRuns = Number(process.env.TEST_FILES || 300);
const held = new Uint8Array(32).fill(7);
const home = mkdtempSync(join(tmpdir(), 'awsh-pairs-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const environment = {
  HOME: home,
  PATH: '/nonexistent',
  AWSH_BACKEND: 'file',
  AWSH_AGENT: 'off',
  XDG_RUNTIME_DIR: join(home, 'run'),
};
const places = { credentials: join(home, '.aws/credentials'), config: join(home, '.aws/config') };

async function importAll(...more: string[]): Promise<{ status: number; err: string }> {
  const [out, err] = [new CapturedText(), new CapturedText()];
  const status = await runCommandLine(['import', '--all', ...more], {
    environment,
    cwd: () => home,
    clock: systemClock,
    output: streamOutput(out, err, environment),
    packageFolder,
    commands: {
      import: async () => ({
        run: (context, input) =>
          runImport({ ...context, vault: async () => heldVault({ environment }, held) }, input),
      }),
    },
  });
  return { status, err: err.text };
}

interface Stored {
  readonly profile: string;
  readonly id: string;
  readonly secret: string;
}

async function storedPairs(): Promise<Stored[]> {
  const vault = heldVault({ environment }, held);
  const pairs: Stored[] = [];
  for (const { profile } of vault.keys()) {
    const key = await vault.accessKey(profile);
    if (key !== null) pairs.push({ profile, id: key.accessKeyId, secret: key.secretAccessKey.reveal() });
  }
  return pairs;
}

const bytesOf = (path: string) => (existsSync(path) ? readFileSync(path, 'latin1') : '');

function write(files: Record<keyof typeof places, GeneratedFile>): void {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, '.aws'), { recursive: true, mode: 0o700 });
  mkdirSync(join(home, 'run'), { mode: 0o700 });
  for (const kind of ['credentials', 'config'] as const)
    writeFileSync(places[kind], files[kind].bytes, 'latin1');
}

function isPairOf(section: GeneratedSection, { profile, id, secret }: Stored): boolean {
  const ids = section.lines.flatMap((line) => line.id ?? []);
  const secrets = section.lines.flatMap((line) => line.secret ?? []);
  return namesOf(section).includes(profile) && ids.join() === id && secrets.join() === secret;
}

/**
 * The file has lost the lines of the stored pairs and nothing else. A comment after a value is now
 * on a line of its own.
 */
function expectOthersUntouched(before: string, after: string, pairs: readonly Stored[]): void {
  const gone = pairs.flatMap(({ id, secret }) => [id, secret]).filter((word) => !after.includes(word));
  const lines = (text: string) =>
    text.split(/(?<=\r\n|\n|\r(?!\n))/).filter((line) => !/^(\xef\xbb\xbf)?[#;]/.test(line));
  const expected = lines(before).filter((line) => !gone.some((word) => line.includes(word)));
  // The config file may have a new profile at its end.
  expect(lines(after).join('').startsWith(expected.join('')), 'every other line stays').toBe(true);
  expect(after.startsWith('\xef\xbb\xbf')).toBe(before.startsWith('\xef\xbb\xbf'));
  for (const comment of before.match(/(^|[ \t\r\n])[#;][^\r\n]*/g) ?? [])
    expect(after).toContain(comment.trim());
}

describe('awsh import on files with repeated names and keys', () => {
  let [taken, passed] = [0, 0];

  it(`loses no secret, makes no pair, and the dry run says the same (${numRuns} files)`, async () => {
    const property = fc.asyncProperty(generatedFiles, async (files) => {
      write(files);
      const dry = await importAll('--dry-run');
      expect([bytesOf(places.credentials), bytesOf(places.config)]).toEqual([
        files.credentials.bytes,
        files.config.bytes,
      ]);
      const real = await importAll('--yes');
      const left = bytesOf(places.credentials) + bytesOf(places.config);
      const pairs = await storedPairs();
      const sections = [...files.credentials.sections, ...files.config.sections];
      for (const { secret } of sections.flatMap(({ lines }) => lines)) {
        if (secret === undefined) continue;
        expect(
          left.includes(secret) || pairs.some((it) => it.secret === secret),
          `${secret} is somewhere`,
        ).toBe(true);
      }
      for (const it of pairs) expect(sections.filter((section) => isPairOf(section, it))).toHaveLength(1);
      expectOthersUntouched(files.credentials.bytes, bytesOf(places.credentials), pairs);
      expectOthersUntouched(files.config.bytes, bytesOf(places.config), pairs);
      const reasons = (text: string) => text.match(/^awsh: .* was skipped: .*$/gm);
      expect(reasons(dry.err)).toEqual(reasons(real.err));
      expect(dry.status).toBe(real.status);
      taken += pairs.length;
      passed += reasons(real.err)?.length ?? 0;
    });
    await fc.assert(property, { numRuns });
    if (process.env.TEST_FILES)
      console.log(`${numRuns} files: ${taken} pairs imported, ${passed} passed over`);
    expect(Math.min(taken, passed)).toBeGreaterThan(numRuns / 10);
  }, 3_600_000);
});
