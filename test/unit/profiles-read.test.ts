import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awsConfigJson, findProfile, profileNames, readAwsFiles } from '../../src/profiles/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { runUnprivileged } from '../support/unprivileged.ts';

function filesOf(home: { path: string }) {
  return { awsConfig: join(home.path, '.aws/config'), awsCredentials: join(home.path, '.aws/credentials') };
}

describe('reading ~/.aws', () => {
  it('treats missing files as empty', () => {
    const files = readAwsFiles(filesOf(temporaryHome()));
    expect(profileNames(files)).toEqual([]);
    expect(files.warnings).toEqual([]);
  });

  it('lists the config file first, then what the credentials file adds', () => {
    const home = temporaryHome();
    home.write('.aws/config', '[default]\n[profile b]\n[profile a]\n');
    home.write('.aws/credentials', '[c]\n[a]\n');
    const files = readAwsFiles(filesOf(home));
    expect(profileNames(files)).toEqual(['default', 'b', 'a', 'c']);
    expect(findProfile(files, 'c')?.place).toEqual({ file: join(home.path, '.aws/credentials'), line: 1 });
    expect(findProfile(files, 'd')).toBeNull();
  });

  it('refuses a folder and a cycle of links with exit 2', () => {
    const home = temporaryHome();
    mkdirSync(join(home.path, '.aws/config'), { recursive: true });
    expect(() => readAwsFiles(filesOf(home))).toThrow(
      expect.objectContaining({
        what: `${home.path}/.aws/config cannot be read`,
        why: 'it is a folder',
        exitStatus: 2,
      }),
    );
    symlinkSync('loop', join(home.path, 'loop'));
    expect(() => readAwsFiles({ ...filesOf(home), awsConfig: join(home.path, 'loop') })).toThrow(
      expect.objectContaining({ why: 'its symbolic links form a loop' }),
    );
  });

  it('refuses an unreadable file', () => {
    const home = temporaryHome();
    home.write('.aws/credentials', '[a]\n', 0);
    const { out, err } = runUnprivileged(
      home,
      `import { readAwsFiles } from './src/profiles/index.ts';
       import { appPaths } from './src/system/index.ts';
       try { readAwsFiles(appPaths(process.env)); } catch ({ why, exitStatus }) { console.log(why, exitStatus); }`,
    );
    expect({ out, err }).toEqual({ out: 'you may not read it 2\n', err: '' });
  });

  it('reads 5,000 profiles, each correctly, without delay', () => {
    const home = temporaryHome();
    const names = Array.from({ length: 5000 }, (_, index) => `team-${index}.admin`);
    const text = names.map(
      (name) => `[profile ${name}]\nrole_arn = ${name}\nregion = x # y\ns3 =\n a = ${name}\n\n`,
    );
    home.write('.aws/config', text.join(''));
    const files = readAwsFiles(filesOf(home));
    const last = findProfile(files, 'team-4999.admin');
    expect(last?.properties.get('role_arn')).toMatchObject({
      value: 'team-4999.admin',
      place: { line: 29_996 },
    });
    const { profiles } = awsConfigJson(files);
    expect(names.every((name) => JSON.stringify(profiles[name]?.s3) === `{"a":"${name}"}`)).toBe(true);
  });

  it('reads a value of 100,000 continued lines without delay', () => {
    const home = temporaryHome();
    home.write('.aws/config', `[profile a]\nx = 1\n${' y\n'.repeat(100_000)}`);
    const value = findProfile(readAwsFiles(filesOf(home)), 'a')?.properties.get('x')?.value;
    expect(value?.split('\n')).toHaveLength(100_001);
  });
});
