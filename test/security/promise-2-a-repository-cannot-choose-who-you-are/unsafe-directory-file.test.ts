import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DirectoryFileError, readDirectoryFile } from '../../../src/directory/index.ts';
import { bundledScript } from '../../support/bundled-script.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';

// Security rule 1: the nearest file must be a regular text file of at most 512 bytes that only this
// user can write. Any other file is an error of one line.

const isRoot = process.getuid?.() === 0;
const nobody = 65534;

function faultOf(path: string): string | undefined {
  try {
    readDirectoryFile(path);
  } catch (error) {
    if (error instanceof DirectoryFileError) return `${error.what}: ${error.why}`;
    throw error;
  }
  throw new Error('it was read');
}

interface Row {
  file: string;
  make: (home: TemporaryHome, path: string) => unknown;
  fault: string;
  needsRoot?: boolean;
}

const rows: Row[] = [
  {
    file: 'of 1 MB',
    make: (home) => home.write('.awsprofile', 'x'.repeat(2 ** 20)),
    fault: 'more than 512 bytes',
  },
  {
    file: 'of 513 bytes',
    make: (home) => home.write('.awsprofile', `dev\n#${'x'.repeat(508)}`),
    fault: 'more than 512 bytes',
  },
  {
    file: 'of binary',
    make: (home) => home.write('.awsprofile', Buffer.from([0, 1, 2, 255])),
    fault: 'not text',
  },
  {
    file: 'with two names',
    make: (home) => home.write('.awsprofile', 'dev\nprod\n'),
    fault: 'write one name alone',
  },
  { file: 'that is a folder', make: (_, path) => mkdirSync(path), fault: 'not a regular file' },
  { file: 'that is a pipe', make: (_, path) => execFileSync('mkfifo', [path]), fault: 'not a regular file' },
  {
    file: 'that is a device',
    make: (_, path) => symlinkSync('/dev/zero', path),
    fault: 'not a regular file',
  },
  {
    file: 'that is a loop of links',
    make: (_, path) => symlinkSync('.awsprofile', path),
    fault: 'a loop of symbolic links',
  },
  {
    file: 'that links to nothing',
    make: (_, path) => symlinkSync('nowhere', path),
    fault: 'a symbolic link to nothing',
  },
  {
    file: 'that a group of several people can write',
    make: (home, path) => {
      chownSync(home.write('.awsprofile', 'dev'), process.getuid?.() ?? 0, nobody);
      chmodSync(path, 0o620);
    },
    fault: 'other users can write it',
    needsRoot: true,
  },
  {
    file: 'that everyone can write',
    make: (home, path) => chmodSync(home.write('.awsprofile', 'dev') && path, 0o602),
    fault: 'other users can write it',
  },
  {
    file: 'of another user',
    make: (home, path) => chownSync(home.write('.awsprofile', 'dev') && path, nobody, nobody),
    fault: 'belongs to another user',
    needsRoot: true,
  },
  {
    file: 'that links to a file of another user',
    make: (home, path) => {
      chownSync(home.write('theirs', 'dev'), nobody, nobody);
      symlinkSync('theirs', path);
    },
    fault: 'belongs to another user',
    needsRoot: true,
  },
];

function isNotUsed({ make, fault }: Row): void {
  const home = temporaryHome();
  const path = join(home.path, '.awsprofile');
  make(home, path);
  expect(faultOf(path)).toContain(path);
  expect(faultOf(path)).toContain(fault);
}

test.each(rows.filter(({ needsRoot }) => !needsRoot))('a file $file is not used', isNotUsed);
test.skipIf(!isRoot).each(rows.filter(({ needsRoot }) => needsRoot))('a file $file is not used', isNotUsed);

test.skipIf(process.getuid?.() !== process.getgid?.())(
  'a file that only a private group can write is used',
  () => {
    const path = temporaryHome().write('.awsprofile', 'dev\n');
    chmodSync(path, 0o664);
    expect(readDirectoryFile(path).profile).toBe('dev');
  },
);

test('a file of exactly 512 bytes is used', () => {
  expect(readDirectoryFile(temporaryHome().write('.awsprofile', `dev\n#${'x'.repeat(507)}`)).profile).toBe(
    'dev',
  );
});

// Root can read everything, so another user runs this.
test.skipIf(!isRoot)('an unreadable file is not used', () => {
  const home = temporaryHome();
  const script = bundledScript(
    home,
    `import { readDirectoryFile } from './src/directory/index.ts';
     try { readDirectoryFile(process.argv[2]); } catch ({ what, why }) { console.log(what + ': ' + why); }`,
  );
  const path = home.write('.awsprofile', 'dev', 0o000);
  for (const owned of [home.path, script, path]) chownSync(owned, nobody, nobody);
  const { stdout } = spawnSync(process.execPath, [script, path], {
    uid: nobody,
    gid: nobody,
    encoding: 'utf8',
  });
  expect(stdout).toBe(`${path} is not used: it cannot be read: no permission\n`);
});
