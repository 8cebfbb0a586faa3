import { chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { newToken, writeState } from '../../src/agent/state-file.ts';
import type { Scene } from '../../src/diagnosis/index.ts';
import { appPaths, putLockMark, UsageError, VaultError } from '../../src/system/index.ts';
import { testAgent } from '../support/agent.ts';
import { tells } from '../support/finding-rows.ts';
import { checkNamed, foundBy, sceneIn, wellBackend } from '../support/scenes.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const pathsOf = (home: TemporaryHome) => appPaths(home.environment);
const locked = (home: TemporaryHome) => {
  putLockMark(pathsOf(home));
  return {};
};
const health = (changes: Partial<typeof wellBackend>) => () => ({
  backend: async () => ({ ...wellBackend, ...changes }),
});

tells('lock', [['locked', locked, /^note awsh is locked.* awsh unlock$/]]);

tells('backend', [
  [
    'a fault',
    health({ fault: new VaultError('the keychain is locked', 'nothing was changed', 'unlock it') }),
    /^problem the keychain is locked \/ nothing was changed \/ unlock it$/,
  ],
  [
    'keys in a backend that does not serve',
    health({ elsewhere: [{ name: 'file', keys: 2 }] }),
    /^note 2 access keys in the backend file, .* awsh migrate-backend --from file --to keychain$/,
  ],
  [
    'a passphrase in the environment',
    () => ({ environment: { AWSH_FILE_PASSPHRASE: 'CANARY' } }),
    /^note [^C]* AWSH_FILE_PASSPHRASE [^C]* unset AWSH_FILE_PASSPHRASE$/,
  ],
  [
    'one that there is not',
    () => ({
      backend: async () =>
        Promise.reject(new UsageError('there is no backend "kwallet"', 'there are: …', 'AWSH_BACKEND=file')),
    }),
    /^problem there is no backend "kwallet".* AWSH_BACKEND=file$/,
  ],
]);

it('doctor names the backend in use and the reason', async () => {
  expect(await foundBy(checkNamed('backend'), sceneIn(temporaryHome()))).toEqual([
    'ok secrets are kept in the keychain: the keychain answers',
  ]);
});

tells('index', [
  [
    'damaged',
    health({ indexIsDamaged: true, unknownKeys: 3 }),
    /^problem the index of stored keys is damaged.* awsh unlock$/,
  ],
  [
    'lost',
    health({ name: 'file', unknownKeys: 1 }),
    /^note 1 access key in the backend file that the index does not know.* awsh unlock$/,
  ],
  [
    'ahead of the backend',
    health({ missing: ['work', 'home'] }),
    /^problem .*keychain: work, home .* awsh remove work/,
  ],
]);

const ids = ['AKIAIOSFODNN7EXAMPLE', 'AKIAI44QH8DHBEXAMPLE'] as const;
const journal =
  (begun: Date, keys: Scene['keys'] = []) =>
  (home: TemporaryHome) => {
    const text = {
      version: 1,
      oldKeyId: ids[0],
      arn: 'arn:aws:iam::1:user/jane',
      knownKeyIds: [ids[0]],
      newKeyId: ids[1],
      begun,
    };
    home.write(`.local/share/awsh/rotations/${ids[0]}.json`, JSON.stringify(text));
    return { keys };
  };
const yesterday = new Date(Date.now() - 86_400_000);

tells('rotations', [
  [
    'cut off',
    journal(yesterday, [{ profile: 'work', accessKeyId: ids[1], added: yesterday }]),
    /^problem the rotation of \*{4}MPLE was interrupted on .* awsh rotate work$/,
  ],
  ['of a key that is not stored any more', journal(yesterday), /^problem .* rm .*\/rotations\//],
  ['under way', journal(new Date()), /^note a rotation of .* is under way$/],
  [
    'damaged',
    (home) => {
      home.write(`.local/share/awsh/rotations/${ids[0]}.json`, '{');
      return {};
    },
    /^problem the journal of a rotation cannot be read: ~\/.* rm /,
  ],
]);

tells('agent', [
  [
    'off by the variable',
    () => ({ environment: { AWSH_AGENT: 'off' } }),
    /^note the agent is off here, by AWSH_AGENT=off/,
  ],
  [
    'off by the setting',
    (home) => {
      home.write('.config/awsh/config', 'agent = off\n');
      return {};
    },
    /by the setting agent = off/,
  ],
  ['off in CI', () => ({ environment: { CI: 'true' } }), /because CI is set/],
  ['locked', locked, null],
  [
    'an open folder',
    (home) => {
      mkdirSync(join(home.path, 'run/awsh'));
      chmodSync(join(home.path, 'run/awsh'), 0o755);
      return {};
    },
    /^problem .*other users can enter it \/ chmod 700 .*run\/awsh$/,
  ],
  [
    'a state file that is none',
    (home) => {
      mkdirSync(join(home.path, 'run/awsh'), { mode: 0o700 });
      home.write('run/awsh/agent', 'hello\n');
      return {};
    },
    /^note the agent's state file is not valid.* awsh agent start$/,
  ],
  [
    'ended without a word',
    async (home) => {
      leaveState(home, await freePort());
      return {};
    },
    /^note the agent does not answer .*process 4711.* awsh agent start$/,
  ],
  [
    'hanging',
    async (home) => {
      const server = createServer(() => {});
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      leaveState(home, portOf(server));
      return {};
    },
    /^note the agent does not answer/,
  ],
  [
    'of an older version',
    async (home) => {
      await testAgent(home, { version: '1.0.0' });
      return {};
    },
    /^note the running agent is version 1\.0\.0, and this awsh is version 1\.2\.3 .* awsh agent start$/,
  ],
  [
    'of a newer version',
    async (home) => {
      await testAgent(home, { version: '2.0.0' });
      return {};
    },
    /^note the running agent is version 2\.0\.0, .*another awsh is installed.* type -a awsh$/,
  ],
  [
    'well',
    async (home) => {
      await testAgent(home);
      return {};
    },
    null,
  ],
]);

it('doctor shows how many sessions the agent has', async () => {
  const home = temporaryHome();
  await testAgent(home);
  expect(await foundBy(checkNamed('agent'), sceneIn(home))).toEqual([
    'ok the agent runs, version 1.2.3, with 0 sessions',
  ]);
});

function leaveState(home: TemporaryHome, port: number): void {
  writeState(pathsOf(home), { port, pid: 4711, version: '1.2.3', token: newToken(), proof: newToken() });
}

const portOf = (server: ReturnType<typeof createServer>) => Object(server.address()).port as number;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
