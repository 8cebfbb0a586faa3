import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeExport } from '../../src/commands/output-file.ts';
import { type ExportFormat, exportFormats, exportText } from '../../src/shell/index.ts';
import { appPaths, Secret } from '../../src/system/index.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const credentials = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret('secret/of+dev='),
  sessionToken: new Secret('token/of+dev=='),
  expiration: new Date('2030-01-01T00:00:00Z'),
  accountId: null,
  arn: null,
};
const variables = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1', AWS_USE_FIPS_ENDPOINT: 'true' };
const identity = { profile: 'two words', region: 'eu-west-1', endpointUrl: 'http://127.0.0.1:2', variables };
const text = (format: ExportFormat, more = {}) =>
  exportText(format, credentials, { ...identity, variables: { ...variables, ...more } });

function folder() {
  const home = temporaryHome();
  const given = { cwd: home.path, paths: appPaths(home.environment) };
  const write = (name: string, content = text('dotenv')) => writeExport(name, content, given);
  const read = (name: string) => readFileSync(join(home.path, name), 'utf8');
  return { home, write, read, at: (name: string) => join(home.path, name) };
}

describe('a file of exported credentials', () => {
  it.each(exportFormats)('is private, and replaced by the next export: %s', (format) => {
    const { write, read, at } = folder();
    write('keys', text(format));
    chmodSync(at('keys'), 0o644);
    write('keys', text('dotenv'));
    write('keys', text(format));
    expect(read('keys')).toBe(text(format));
    expect(statSync(at('keys')).mode & 0o777).toBe(0o600);
  });

  it.each(['DB_PASSWORD=x\n', `${text('dotenv')}DB_PASSWORD=x\n`, '#!/bin/sh\nrm x\n', '\x7fELF'])(
    'never takes the place of something else: %j',
    (content) => {
      const { home, write, read } = folder();
      home.write('other', content);
      expect(() => write('other')).toThrow(/is not an earlier export/);
      expect(read('other')).toBe(content);
    },
  );

  it('never replaces an AWS file, by whatever path', () => {
    const { home, write, read, at } = folder();
    home.write('.aws/credentials', '[default]\naws_access_key_id = AKIA\n');
    symlinkSync('.aws/credentials', at('link'));
    for (const name of ['.aws/config', '.aws/credentials', './.aws/../.aws/credentials', 'link'])
      expect(() => write(name), name).toThrow(/file of the AWS CLI/);
    expect(read('.aws/credentials')).toContain('AKIA');
  });

  it('follows a link only in a folder of the user’s own', () => {
    const { home, write, read, at } = folder();
    home.write('own/file', '');
    home.write('shared/file', '');
    symlinkSync('file', at('own/link'));
    symlinkSync('../own/file', at('shared/link'));
    chmodSync(at('shared'), 0o777);
    write('own/link');
    expect(lstatSync(at('own/link')).isSymbolicLink()).toBe(true);
    expect(read('own/file')).toBe(text('dotenv'));
    expect(() => write('shared/link', text('json'))).toThrow(
      /symbolic link in a folder that others can write to/,
    );
    expect(read('own/file')).toBe(text('dotenv'));
  });

  it.each([['.'], ['gone/keys'], ['/dev/null'], ['/dev/stdout']])('is never %s', (name) => {
    expect(() => folder().write(name)).toThrow();
  });
});

describe('the text of an exported file', () => {
  it('in .env format is bare if possible, else in single quotes', () => {
    const dotenv = text('dotenv', { AWS_CA_BUNDLE: '/home/a b/$c#.pem' });
    expect(dotenv).toMatch(
      /^# awsh export of two words: expires 2030-01-01T00:00:00Z\nAWS_ACCESS_KEY_ID=ASIA/,
    );
    expect(dotenv).toContain("\nAWS_CA_BUNDLE='/home/a b/$c#.pem'\n");
    expect(dotenv).toContain('\nAWS_SESSION_TOKEN=token/of+dev==\n');
    expect(() => text('dotenv', { AWS_CA_BUNDLE: "/it's" })).toThrow(/cannot be written into an .env file/);
  });

  it('in credentials format contains the session twice, with its expiry', () => {
    const [, first, second] = text('credentials').split(/^\[/m);
    expect(first).toMatch(/^default\]\n/);
    expect(second?.replace('two words', 'default').trim()).toBe(first?.trim());
    expect(second).toContain('use_fips_endpoint = true\nx_security_token_expires = 2030-01-01T00:00:00Z\n');
  });
});

describe('awsh export --output', () => {
  it.each([
    ['/dev/stdout', '| cat'],
    ['/dev/fd/1', '| cat'],
    ['-', '| cat'],
    ['/dev/stdout', '> file; cat file'],
  ])('prints on stdout for %s with %s', (file, rest) => {
    const { status, stdout } = exportTo(`--output ${file} ${rest}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^AWS_ACCESS_KEY_ID=AKIAEXAMPLE000001234$/m);
  });

  it('refuses a pipe that it cannot replace', () => {
    const { stdout, stderr } = exportTo('--output >(cat)');
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^awsh: \/dev\/fd\/\d+ is not a regular file\n {2}why: .*\n {2}next: ls -ld \S+\n$/m,
    );
  });
});

/** The built program in a line of bash, exporting a plain-text key. */
function exportTo(words: string) {
  const home = temporaryHome();
  home.write('.aws/config', '[profile me]\nregion = eu-west-1\n');
  home.write(
    '.aws/credentials',
    '[me]\naws_access_key_id = AKIAEXAMPLE000001234\naws_secret_access_key = X\n',
  );
  const line = `set -o pipefail; ${join(packageFolder, 'bin/awsh')} export -n me --format dotenv ${words}`;
  return spawnSync('bash', ['-c', line], { env: home.environment, cwd: home.path, encoding: 'utf8' });
}
