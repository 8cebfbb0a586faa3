import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canBeAnotherUser } from '../support/another-user.ts';
import { grantSandbox } from '../support/grants.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { canServeSsh, startSshServer } from '../support/ssh-server.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** Prints the id of its key twice, with the key's expiry in between, and where the token is. */
const boto3 = `
import boto3, os, time
credentials = boto3.Session().get_credentials()
for pause in (4, 0):
    print(credentials.get_frozen_credentials().access_key)
    time.sleep(pause)
print(os.environ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'], oct(os.stat(os.environ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE']).st_mode))
`;

/** As another user of the remote host: the token file, and the port with a token that is wrong. */
const strangersProgram = `
const [file, uri] = process.argv.slice(1);
try { console.log(require('fs').readFileSync(file, 'utf8')); } catch ({ code }) { console.log(code); }
const ask = (Authorization) => require('http').get(uri, { headers: { Authorization } }, ({ statusCode }) => console.log(statusCode));
ask('');
ask('0'.repeat(64));`;
const stranger = `setpriv --reuid=65534 --regid=65534 --clear-groups -- "$0" -e "$1" \
  "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" "$AWS_CONTAINER_CREDENTIALS_FULL_URI"; exit 7`;

/** By `npm run test:long`. */
const itLong = it.skipIf(!process.env.TEST_CLIENTS);

describe.skipIf(!canServeSsh || !canBeAnotherUser)('awsh ssh', () => {
  itLong(
    'gives a program on the other side keys that renew, and leaves nothing',
    {
      timeout: 90_000,
    },
    async () => {
      const { awsh } = await grantSandbox(3);
      const { config } = await startSshServer();
      const run = await awsh(
        'ssh',
        '--read-write',
        '--ssh-config',
        config,
        'dev',
        'far',
        '--',
        'python3',
        '-c',
        boto3,
      );
      expect(run).toMatchObject({ status: 0, err: '' });
      const [first, second, file = ''] = run.out.trim().split('\n');
      expect([first, second]).toEqual([expect.stringMatching(/^ASIA/), expect.stringMatching(/^ASIA/)]);
      expect(first).not.toBe(second);
      const [token = '', mode] = file.split(' ');
      expect({ mode, isThere: existsSync(token) }).toEqual({ mode: '0o100600', isThere: false });
      expect(JSON.parse((await awsh('serve', '--list', '--json')).out)).toEqual([]);
    },
  );

  it('gives nothing to another user there, narrows, and ends as the command does', {
    timeout: 90_000,
  }, async () => {
    const { awsh, sandbox } = await grantSandbox(3600);
    const { config } = await startSshServer();
    const run = await awsh(
      'ssh',
      '--ssh-config',
      config,
      'dev',
      'far',
      'sh',
      '-c',
      stranger,
      process.execPath,
      strangersProgram,
    );
    expect(run).toEqual({ status: 7, out: 'EACCES\n403\n403\n', err: '' });
    const last = JSON.parse((await awsh('log', '--json')).out.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ verb: 'serve', policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
    expect(sandbox.emulator.calls.some(({ action }) => action === 'AssumeRole')).toBe(true);
  });

  itLong('says what the other side does not allow, and ends the grant', { timeout: 90_000 }, async () => {
    const { awsh } = await grantSandbox(3600);
    const { config } = await startSshServer('AllowTcpForwarding no\n');
    const run = await awsh('ssh', '--ssh-config', config, 'dev', 'far', 'true');
    expect(run).toMatchObject({ status: 9, out: '' });
    expect(run.err).toMatch(
      /^awsh: far: the port cannot be forwarded\n {2}why: {2}.*AllowTcpForwarding.*\n {2}next: ssh -v far true\n$/,
    );
    expect(JSON.parse((await awsh('serve', '--list', '--json')).out)).toEqual([]);
  });

  it('does not read an option of ssh as a host', async () => {
    const { environment } = temporaryHome();
    const run = await runInstalled(['ssh', 'dev', '--', '-oProxyCommand=id'], environment);
    expect(run).toMatchObject({ status: 2, out: '' });
  });
});
