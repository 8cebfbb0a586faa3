import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vaultSettings } from '../../src/vault/index.ts';
import { importHome, inWords, sample } from '../support/import-homes.ts';

/** Backends of aws-vault that awsh does not have, and the one to use instead. */
const backends: [name: string, instead: string][] = [
  ['kwallet', 'keychain'],
  ['keyctl', 'file'],
  ['wincred', 'file'],
  ['winhello', 'file'],
  ['passage', 'pass'],
  ['op', 'file'],
  ['op-connect', 'file'],
  ['op-desktop', 'file'],
  ['proton-pass', 'file'],
];

/** A home in which aws-vault keeps its keys in `backend`, and no backend is chosen for awsh. */
function homeOf(backend: string, hasProgram = true) {
  const home = importHome();
  home.environment.AWSH_BACKEND = '';
  home.environment.AWS_VAULT_BACKEND = backend;
  if (!hasProgram) home.environment.PATH = '/nonexistent';
  const { id, secret } = sample('work');
  const json = JSON.stringify({ Version: 1, AccessKeyId: id, SecretAccessKey: secret });
  const script = `echo "$1 $AWS_VAULT_BACKEND" >>"$HOME/calls"\ncase $1 in list) echo work ;; export) echo '${json}' ;; esac`;
  home.write('bin/aws-vault', `#!/bin/sh\n${script}`, 0o755);
  if (hasProgram) home.environment.PATH = `${join(home.path, 'bin')}:${home.environment.PATH}`;
  return home;
}

describe.each(backends)('awsh import --aws-vault from %s', (backend, instead) => {
  it('asks for a backend of awsh’s own before aws-vault is run, and the printed command works', async () => {
    const home = homeOf(backend);
    const { status, err } = await home.run('import', '--aws-vault', '--all');
    const [what, why, next] = err.trimEnd().split('\n');
    expect(status).toBe(2);
    expect(what).toBe(`awsh: there is no backend "${backend}"`);
    expect(why).toMatch(/^ {2}why: {2}AWS_VAULT_BACKEND names it; /);
    expect(next).toBe(`  next: export AWSH_BACKEND=${instead}`);
    expect(() => home.read('calls')).toThrow('ENOENT');
  });

  it.each([
    ['AWSH_BACKEND', [], 'file'],
    ['--backend', ['--backend', 'file'], ''],
  ])('imports what aws-vault gives if %s names a backend', async (_, options, variable) => {
    const home = homeOf(backend);
    home.environment.AWSH_BACKEND = variable;
    expect(await home.run(...options, 'import', '--aws-vault', '--all')).toMatchObject({ status: 0 });
    expect(home.read('calls')).toBe(`list ${backend}\nexport ${backend}\n`);
    home.environment.AWSH_BACKEND = 'file';
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  it('suggests no other import if aws-vault is not installed', async () => {
    const home = homeOf(backend, false);
    home.environment.AWSH_BACKEND = 'file';
    const { status, err } = await home.run('import', '--aws-vault', '--all');
    expect(status).toBe(5);
    expect(err).toContain(`AWS_VAULT_BACKEND names ${backend}, which only aws-vault reads`);
    expect(err).toContain('next: awsh import --aws-vault\n');
  });
});

describe('vaultSettings', () => {
  it('names the variable with the unsupported backend', () => {
    const named = (environment: Record<string, string>) => () => vaultSettings(environment);
    expect(named({ AWSH_BACKEND: 'op' })).toThrow(
      expect.objectContaining({ why: expect.stringContaining('AWSH_BACKEND names it') }),
    );
    expect(named({ AWS_VAULT_BACKEND: '\u001b[2J' })).toThrow(
      expect.objectContaining({
        what: expect.not.stringContaining('\u001b'),
        why: 'AWS_VAULT_BACKEND names it; there are: keychain, file, pass',
        next: 'export AWSH_BACKEND=file',
      }),
    );
  });
});
