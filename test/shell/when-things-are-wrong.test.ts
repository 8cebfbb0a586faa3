import { appendFileSync, chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { has } from '../support/programs.ts';
import { openSandboxShell, packageFolder, type SandboxShell } from '../support/sandbox-shell.ts';

const isRoot = process.getuid?.() === 0;
const awsh = join(packageFolder, 'bin/awsh');

/** Directory files that must load nothing, and the line that awsh prints. */
const oddFiles: { name: string; write: (path: string) => void; says: RegExp }[] = [
  { name: 'of 1 MB', write: (path) => writeFileSync(path, 'x'.repeat(1 << 20)), says: /more than 512 bytes/ },
  {
    name: 'of binary',
    write: (path) => writeFileSync(path, Buffer.from([0, 255, 1, 10, 27])),
    says: /not text/,
  },
  {
    name: 'with two names',
    write: (path) => writeFileSync(path, 'dev\nprod\n'),
    says: /:2: write one name alone/,
  },
  { name: 'that is a link to itself', write: (path) => symlinkSync('.awsprofile', path), says: /loop/ },
  { name: 'that is a folder', write: (path) => mkdirSync(path), says: /not a regular file/ },
  { name: 'that names no profile', write: (path) => writeFileSync(path, ''), says: /names no profile/ },
  {
    name: 'with an unknown profile',
    write: (path) => writeFileSync(path, 'nosuch\n'),
    says: /no profile "nosuch"/,
  },
  {
    name: 'that would run code',
    write: (path) => writeFileSync(path, '$(touch ~/pwned)`touch ~/pwned`'),
    says: /:1: more than one word/,
  },
  {
    name: 'with an escape sequence',
    write: (path) => writeFileSync(path, '\x1b]0;pwned\x07dev\n'),
    says: /not text/,
  },
  ...(isRoot
    ? [
        {
          name: 'of another user',
          write: (path: string) => {
            writeFileSync(path, 'dev\n');
            chownSync(path, 65534, 65534);
          },
          says: /belongs to another user/,
        },
      ]
    : []),
];

describe.each(['bash', 'zsh', 'fish'] as const)('in %s', (name) => {
  it.skipIf(name !== 'bash' && !has(name))(
    'an odd directory file loads nothing and says why once',
    async () => {
      const { shell, environment, sandbox } = await openSandboxShell(name);
      for (const [index, { write, says }] of oddFiles.entries()) {
        const folder = join(sandbox.home, `odd-${index}`);
        mkdirSync(folder);
        write(join(folder, '.awsprofile'));
        const { shown } = await shell.run(`cd ~/odd-${index}`);
        const lines = shown.split('\n').filter((line) => line.startsWith('awsh:'));
        expect(lines).toHaveLength(1);
        const text = shown.replace(/\s+/g, ' ');
        expect(text).toMatch(says);
        expect(text).toContain(`odd-${index}/.awsprofile`);
        expect((await shell.run('true')).shown).not.toContain('awsh:');
        expect((await environment()).AWS_ACCESS_KEY_ID).toBeUndefined();
      }
      expect(existsSync(join(sandbox.home, 'pwned'))).toBe(false);
      expect(sandbox.emulator.calls).toEqual([]);
    },
    120_000,
  );
});

describe('errors on the command line', () => {
  const rows: { what: string; config?: string; command: string; status: number; says: RegExp }[] = [
    {
      what: 'an unknown profile',
      command: 'exec stagign -- true',
      status: 3,
      says: /similar name: staging/,
    },
    {
      what: 'a cycle of source profiles',
      config:
        '[profile a]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = b\n[profile b]\nrole_arn = arn:aws:iam::111122223333:role/y\nsource_profile = a\n',
      command: 'export a',
      status: 2,
      says: /a -> b -> a/,
    },
    {
      what: 'a malformed role ARN',
      config: '[profile c]\nrole_arn = arn:aws:iam::1111:role/x\nsource_profile = demo\n',
      command: 'export c',
      status: 2,
      says: /\.aws\/config:\d+/,
    },
    {
      what: 'a region that would run code',
      config:
        '[profile d]\nregion = $(touch pwned)\nsource_profile = demo\nrole_arn = arn:aws:iam::111122223333:role/developer\n',
      command: 'export d --format bash',
      status: 2,
      says: /region/,
    },
    {
      what: 'a role that refuses',
      config:
        '[profile e]\nrole_arn = arn:aws:iam::444455556666:role/deployer\nsource_profile = demo\nendpoint_url = ENDPOINT\n',
      command: 'export e',
      status: 8,
      says: /role\/deployer.*MFA|MFA.*role\/deployer/s,
    },
    {
      what: 'an AWS that is not there',
      config:
        '[profile f]\nrole_arn = arn:aws:iam::444455556666:role/deployer\nsource_profile = demo\nendpoint_url = http://127.0.0.1:9\n',
      command: 'export f',
      status: 9,
      says: /reach/,
    },
    {
      what: 'no terminal for an MFA code',
      command: 'export staging </dev/null | cat; exit ${PIPESTATUS[0]}',
      status: 6,
      says: /MFA code/,
    },
    { what: 'a wrong passphrase', command: 'export dev', status: 5, says: /passphrase/ },
    { what: 'a format that is not one', command: 'export dev --format exe', status: 2, says: /format/ },
    { what: 'an unknown verb', command: 'exprot dev', status: 2, says: /export/ },
  ];

  async function run({ what, config, command }: (typeof rows)[number], { shell, sandbox }: SandboxShell) {
    if (config) {
      appendFileSync(
        join(sandbox.home, '.aws/config'),
        `\n${config.replace('ENDPOINT', sandbox.emulator.url)}`,
      );
    }
    const prefix = what === 'a wrong passphrase' ? 'AWSH_FILE_PASSPHRASE=wrong ' : '';
    const detached = what.startsWith('no terminal')
      ? `setsid -w bash -c '${awsh} ${command}'`
      : `${awsh} ${command}`;
    return shell.run(`${prefix}${detached}`);
  }

  it.each(rows)('$what: exit $status', async (row) => {
    const scene = await openSandboxShell('bash');
    const { shown, status } = await run(row, scene);
    expect(status).toBe(row.status);
    expect(shown).toMatch(row.says);
    // What, why, next; a long one continues below itself.
    expect(shown.match(/^ {2}(why|next):/gm)?.length ?? 0).toBeLessThanOrEqual(2);
    expect(existsSync(join(scene.sandbox.home, 'pwned'))).toBe(false);
  });
});
