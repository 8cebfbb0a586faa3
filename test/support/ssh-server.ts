import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryHome } from './temporary-home.ts';

const sshd = '/usr/sbin/sshd';

/** OpenSSH's server needs root for a login, and the folder that its package makes. */
export const canServeSsh = process.getuid?.() === 0 && existsSync(sshd);

/**
 * A real sshd on loopback with its own keys. Returns the client's config file, in which its name is
 * `far`.
 */
export async function startSshServer(more = ''): Promise<{ config: string }> {
  const { path, write } = temporaryHome();
  mkdirSync('/run/sshd', { recursive: true });
  chmodSync(path, 0o755);
  const keys = ['host', 'user'].map((name) => join(path, name));
  for (const key of keys) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const [host = '', user = ''] = keys;
  const port = await freePort();
  spawnSync('cp', [`${user}.pub`, join(path, 'authorized')]);
  const server = write(
    'sshd_config',
    `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${host}\nAuthorizedKeysFile ${join(path, 'authorized')}\nStrictModes no
UsePAM no\nPermitRootLogin yes\nPidFile none\nLogLevel ERROR\n${more}`,
  );
  const child = spawn(sshd, ['-D', '-e', '-f', server], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const config = join(path, 'ssh_config');
  writeFileSync(
    config,
    `Host far\n  HostName 127.0.0.1\n  Port ${port}\n  User ${userInfo().username}\n  IdentityFile ${user}\n  IdentitiesOnly yes
  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n  BatchMode yes\n`,
  );
  for (let left = 100; left > 0; left--) {
    if (spawnSync('ssh', ['-F', config, 'far', 'true']).status === 0) break;
  }
  return { config };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
