import { describe, expect, it } from 'vitest';
import { canBreakDisks } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';

const home = faultyHome(canBreakDisks);

const own = (path: string) => `chown "$RUN_UID:$RUN_UID" "${path}"; chmod 700 "${path}"`;
const readOnly = (path: string) => `mount --bind "${path}" "${path}"; mount -o remount,ro,bind "${path}"`;
const state = '$HOME_PATH/.local/state';

/** What root does to the disk, the folders that doctor names, the reason, and the next command. */
const rows = [
  [
    'a home of mode 0555',
    'chmod -R a-w "$HOME_PATH"',
    [
      /~\/\.local\/share\/awsh\/vault, .*~\/\.aws\/config$/,
      'permission denied',
      /^chmod u\+rwx (\S+ ){4}\S+$/,
    ],
  ],
  [
    'a read-only home',
    readOnly('$HOME_PATH'),
    [
      /~\/\.local\/share\/awsh\/vault, .*~\/\.aws\/config$/,
      'the file system is read-only',
      /^df -h \S+vault$/,
    ],
  ],
  [
    'a full home',
    `full "$HOME_PATH"; ${own('$HOME_PATH')}`,
    [/~\/\.local\/share\/awsh\/vault, .*~\/\.aws\/config$/, 'the disk is full', /^df -h \S+vault$/],
  ],
  [
    'a full state folder',
    `full "${state}"; ${own(state)}`,
    [/^~\/\.local\/state\/awsh$/, 'the disk is full', /^df -h \S+state\/awsh$/],
  ],
  [
    'no inodes',
    `no_inodes "${state}"; ${own(state)}`,
    [/^~\/\.local\/state\/awsh$/, 'the file system has no free inodes', /^df -i \S+state\/awsh$/],
  ],
  [
    'a folder of root, as after sudo awsh',
    `chown -R 0:0 "${state}/awsh"; chmod 755 "${state}/awsh"`,
    [/^~\/\.local\/state\/awsh$/, 'it belongs to root', /^sudo chown -R "\$\(id -u\)" \S+state\/awsh$/],
  ],
] as const;

describe.skipIf(!canBreakDisks)(
  'doctor on a disk that refuses',
  () => {
    it.each(rows)('names the folders, the reason and a command for %s', async (_, prepare, expected) => {
      const [folders, why, next] = expected;
      const { out, err } = await home.run('awsh doctor --offline --json; echo "status $?"', { prepare });
      const { findings } = JSON.parse(out.slice(0, out.lastIndexOf('status')));
      const found = findings.filter(({ check }: { check: string }) => check === 'disk');
      const [, named, reason] = /^nothing can be written to (.*): (.*)$/.exec(found[0]?.what) ?? [];
      expect([found.length, found[0]?.level, reason], err).toEqual([1, 'problem', why]);
      expect(named).toMatch(folders);
      expect(found[0].next).toMatch(next);
      expect(out).toMatch(/^status 1$/m);
    });

    it('reports nothing about a disk with space', async () => {
      const { out } = await home.run('awsh doctor --offline --json');
      expect(out).not.toContain('can be written to');
    });
  },
  60_000,
);

describe.skipIf(!canBreakDisks)(
  'awsh add with a read-only ~/.aws',
  () => {
    it('stores the key, names the command that opens the folder, and can be run again', async () => {
      const add = 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=$secret awsh add new --env';
      const { out, err } = await home.run(
        `secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY; chmod 555 ~/.aws; ${add}; echo "status $?"
      chmod u+w ~/.aws; ${add}; echo "status $?"; grep -c '^.profile new.' ~/.aws/config`,
      );
      expect(err).toMatch(
        /^awsh: \S+config was not changed\n {2}why: {2}its owner may not write to that directory\n {2}next: chmod u\+w \S+\.aws$/m,
      );
      expect(out).toMatch(/^Stored the access key .+\nstatus 1\nNothing to do: .+ stored .+\nstatus 0\n1\n$/);
    });
  },
  120_000,
);
