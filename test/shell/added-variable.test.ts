import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookShells } from '../support/hook-shell.ts';
import { openSandboxShell, packageFolder } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const copied = ['bin', 'completions', 'docs', 'scripts', 'shell', 'src', 'package.json', 'tsconfig.json'];

/**
 * A copy of this package, generated and built, whose table of managed variables has one more row.
 */
function packageWith(row: string): string {
  const { path } = temporaryHome();
  for (const name of copied) cpSync(join(packageFolder, name), join(path, name), { recursive: true });
  symlinkSync(join(packageFolder, 'node_modules'), join(path, 'node_modules'));
  const table = join(path, 'src/shell/managed-variables.ts');
  const text = readFileSync(table, 'utf8');
  writeFileSync(table, text.replace('\nconst table = {\n', `$&  ${row},\n`));
  for (const script of ['generate', 'build']) {
    execFileSync(process.execPath, [join('scripts', `${script}.mjs`)], { cwd: path });
  }
  return path;
}

describe('managed-variables', () => {
  it('sets a variable that was added only to the table, and restores it on leaving', async () => {
    const path = packageWith("AWS_MADE_UP: { set: true, setting: 'use_made_up' }");
    const [first] = hookShells;
    const own = (name: string) => (name === 'fish' ? 'set -gx AWS_MADE_UP mine' : 'export AWS_MADE_UP=mine');
    const { sandbox, shell, another } = await openSandboxShell(first ?? 'bash', {
      before: own('bash'),
      package: path,
    });
    const config = join(sandbox.home, '.aws/config');
    const text = readFileSync(config, 'utf8');
    writeFileSync(config, text.replace('[profile dev]\n', '$&use_made_up = true\n'));
    await shell.run('awsh allow ~/projects/dev', 60_000);
    for (const name of hookShells) {
      const at = name === first ? shell : await another(name, { before: own(name), package: path });
      await at.run('cd ~/projects/dev', 60_000);
      expect(await at.output('printenv AWS_MADE_UP AWSH_PROFILE'), name).toBe('true\ndev');
      await at.run('cd ~/projects');
      expect(await at.output('printenv AWS_MADE_UP'), name).toBe('mine');
    }
  }, 120_000);
});
