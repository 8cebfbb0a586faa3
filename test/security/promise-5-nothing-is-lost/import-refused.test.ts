import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canBreakDisks } from '../../support/faulty-disk.ts';
import {
  type ImportHome,
  importHome,
  inWords,
  plainText,
  sample,
  silentVault,
} from '../../support/import-homes.ts';
import { makePasswordStore, stopPasswordStore } from '../../support/password-store.ts';
import { has } from '../../support/programs.ts';
import { packageFolder } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

// A backend or a disk that fails during an import: afterwards, each secret is in the file or in the
// vault.

const names = ['one', 'two', 'six'];
const launcher = join(packageFolder, 'bin/awsh');

function homeWithKeys(): ImportHome {
  const home = importHome();
  home.write('.aws/credentials', names.map((name) => plainText(name)).join('\n'));
  return home;
}

const vaultOf = ({ environment: { AWSH_BACKEND = '', AWSH_FILE_PASSPHRASE = '' } }: ImportHome) => ({
  AWSH_BACKEND,
  AWSH_FILE_PASSPHRASE,
});

/** Which of the keys are in the file and in the vault of a home. */
async function placesOfKeys(environment: Record<string, string>) {
  const text = readFileSync(join(environment.HOME ?? '', '.aws/credentials'), 'utf8');
  const vault = silentVault(environment);
  const isStored = async (name: string) => {
    const key = await vault.accessKey(name).catch(() => null);
    return `${key?.accessKeyId} ${key?.secretAccessKey.reveal()}` === inWords(name);
  };
  const stored: string[] = [];
  for (const name of names) if (await isStored(name)) stored.push(name);
  const inFile = names.filter((name) => {
    const { id, secret } = sample(name);
    return text.includes(id) && text.includes(secret);
  });
  return { inFile, stored, lost: names.filter((name) => !inFile.includes(name) && !stored.includes(name)) };
}

/** `awsh import --all --yes` after these commands, run as root in a separate mount namespace. */
function importAfter(prepare: string, home: ImportHome, after = '', more: Record<string, string> = {}) {
  const run = `${prepare}\n"${launcher}" import --all --yes; status=$?\n${after}\nexit $status`;
  const env = { ...home.environment, ...more };
  return spawnSync('unshare', ['-m', 'bash', '-c', run], { env, encoding: 'utf8' });
}

describe.skipIf(!canBreakDisks)('awsh import on a disk that fills up', () => {
  it.each([0, 12, 28, 32, 40])('loses no key with %i KiB left', async (left) => {
    const home = homeWithKeys();
    const [seed, result] = [temporaryHome(), temporaryHome()];
    const { status, stderr } = importAfter(
      `cp -a "$HOME/." "$SEED/"; mount -t tmpfs -o size=4m none "$HOME"; cp -a "$SEED/." "$HOME/"
       cat /dev/zero >"$HOME/.fill" 2>/dev/null; truncate -s -${left}K "$HOME/.fill"`,
      home,
      'rm "$HOME/.fill"; cp -a "$HOME/." "$RESULT/"',
      { SEED: seed.path, RESULT: result.path },
    );
    const places = await placesOfKeys({ ...result.environment, ...vaultOf(home) });
    expect(places.lost, stderr).toEqual([]);
    const isWhole = places.stored.length === names.length && places.inFile.length === 0;
    expect(status === 0, stderr).toBe(isWhole);
    if (!isWhole) expect(stderr).toMatch(/^awsh: .+\n {2}why: {2}.*disk is full.*\n {2}next: df /m);
  });
});

describe.skipIf(!has('pass', 'gpg'))('awsh import into a password store that refuses', () => {
  function homeWithStore(): ImportHome {
    const home = homeWithKeys();
    const store = makePasswordStore(home);
    onTestFinished(() => stopPasswordStore(store));
    Object.assign(home.environment, { GNUPGHOME: store.GNUPGHOME, AWSH_BACKEND: 'pass' });
    return home;
  }

  async function expectRefused(home: ImportHome, { status, err }: { status: number | null; err: string }) {
    expect(status, err).toBe(5);
    expect(err).toMatch(/^awsh: .*pass could not \w+ the item\n {2}why: {2}\S.*\n {2}next: \S/m);
    for (const name of names) expect(err).not.toContain(sample(name).secret);
    expect((await placesOfKeys(home.environment)).inFile).toEqual(names);
  }

  it('leaves the keys in the file if gpg cannot encrypt', async () => {
    const home = homeWithStore();
    home.write('.password-store/.gpg-id', 'nobody@example.com\n');
    await expectRefused(home, await home.run('import', '--all', '--yes'));
  });

  it('leaves the keys in the file if the agent of gpg is gone, so that none can be read back', async () => {
    const home = homeWithStore();
    stopPasswordStore(home.environment);
    home.write('gpg/gpg.conf', 'no-autostart\n');
    await expectRefused(home, await home.run('import', '--all', '--yes'));
    rmSync(join(home.path, 'gpg/gpg.conf'));
    expect((await home.run('import', '--all', '--yes')).status).toBe(0);
    expect(await placesOfKeys(home.environment)).toMatchObject({ inFile: [], stored: names });
  });

  it.skipIf(!canBreakDisks)('leaves the keys in the file if the store is read-only', async () => {
    const home = homeWithStore();
    const store = '"$HOME/.password-store"';
    const run = importAfter(`mount --bind ${store} ${store} && mount -o remount,ro,bind ${store}`, home);
    await expectRefused(home, { status: run.status, err: run.stderr });
  });
});
