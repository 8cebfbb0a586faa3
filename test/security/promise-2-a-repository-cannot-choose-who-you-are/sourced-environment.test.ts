import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readState } from '../../../src/agent/index.ts';
import { createSandbox, type Sandbox } from '../../../src/demo/index.ts';
import { silentPrompter } from '../../../src/prompt/index.ts';
import { fixedVariables } from '../../../src/shell/index.ts';
import { appPaths, systemClock } from '../../../src/system/index.ts';
import { openVault } from '../../../src/vault/index.ts';
import { type HookShellName, hookShells, openHookShell } from '../../support/hook-shell.ts';
import { makePasswordStore, stopPasswordStore } from '../../support/password-store.ts';
import { has } from '../../support/programs.ts';
import { runInstalled } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';
import { openShell } from '../../support/terminal.ts';
import { watchedPackage } from '../../support/watched-package.ts';

/**
 * Variables that Node, a linker, bash, OpenSSL, gpg, pass, git and awsh read and a hook does not
 * fix, and variables that nothing reads.
 */
const others = [
  'NODE_OPTIONS NODE_PATH NODE_COMPILE_CACHE NODE_ICU_DATA NODE_REPL_EXTERNAL_MODULE NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_DEBUG NODE_V8_COVERAGE NODE_REDIRECT_WARNINGS OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES SSLKEYLOGFILE',
  'LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT GCONV_PATH NLSPATH HOSTALIASES RES_OPTIONS LOCALDOMAIN',
  'BASH_ENV ENV PS4 CDPATH BASH_LOADABLES_PATH MODULE_PATH FPATH LOCPATH TZDIR GLIBC_TUNABLES MALLOC_TRACE LD_DEBUG_OUTPUT',
  'NODE_NO_WARNINGS ELECTRON_RUN_AS_NODE GIT_ASKPASS GIT_TEMPLATE_DIR LESSOPEN MANPAGER',
  'PASSWORD_STORE_ENABLE_EXTENSIONS PASSWORD_STORE_EXTENSIONS_DIR PASSWORD_STORE_GIT GIT_DIR',
  'GIT_CONFIG_GLOBAL GIT_EXEC_PATH GIT_SSH_COMMAND PINENTRY_PROGRAM DBUS_STARTER_ADDRESS',
  'AWSH_BACKEND AWSH_FILE_DIR AWSH_PASS_CMD AWSH_PASS_PREFIX AWSH_PASS_PASSWORD_STORE_DIR AWSH_HOOK AWSH_REPLY_FD',
  'AWSH_PROMPT AWSH_STATE AWSH_CACHE AWS_VAULT_BACKEND AWS_VAULT_PASS_CMD AWS_VAULT_PASS_PASSWORD_STORE_DIR',
  'AWS_SDK_LOAD_CONFIG AWS_LOGIN_CACHE_DIRECTORY AWS_MFA_SERIAL SSH_ASKPASS EDITOR VISUAL PAGER A_NAME_NOBODY_KNOWS',
].flatMap((names) => names.split(' '));

/** The shell itself uses these to draw its line. */
const forTheTerminal = /^(TERM.*|COLORTERM|LANG.*|LC_.*)$/;

function plant(shell: HookShellName, canary: string): string {
  const lines = [...fixedVariables, ...others]
    .filter((name) => !forTheTerminal.test(name))
    .map((name) => [name, name === 'PATH' ? `${canary}/PATH:$PATH` : `${canary}/${name}`]);
  const [words, between] = shell === 'fish' ? ['set -gx', ' '] : ['export', '='];
  return lines.map(([name, value]) => `${words} ${name}${between}"${value}"\n`).join('');
}

/** A home whose vault is its own password store, with the sandbox's key. */
async function homeWithPass() {
  const home = temporaryHome();
  const sandbox = await createSandbox(join(home.path, 'home'));
  onTestFinished(() => sandbox.close());
  const inHome = {
    ...home,
    path: sandbox.home,
    environment: { ...home.environment, ...sandbox.environment },
  };
  const store = makePasswordStore(inHome);
  onTestFinished(() => stopPasswordStore(store));
  const environment: Record<string, string> = { ...store, AWSH_AGENT: '' };
  writeFileSync(join(sandbox.home, '.config/awsh/config'), 'backend = pass\n');
  await storeKey(sandbox, environment);
  onTestFinished(() => {
    const pid = readState(appPaths(environment))?.pid;
    if (pid !== undefined && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
  });
  return { home: { ...inHome, environment }, sandbox };
}

async function storeKey(sandbox: Sandbox, environment: Record<string, string>): Promise<void> {
  const vault = openVault({
    paths: appPaths(environment),
    environment,
    clock: systemClock,
    prompter: silentPrompter(),
    settings: { backend: 'pass' },
    notify: () => {},
  });
  const { accessKeyId, secretAccessKey, sourceProfile } = sandbox;
  await vault.storeAccessKey(sourceProfile, { accessKeyId, secretAccessKey, added: new Date() });
}

describe.skipIf(!has('strace', 'pass', 'gpg')).each(hookShells)(
  'what a directory sets after the hook was sourced, in %s',
  (name) => {
    it('a directory’s variable reaches no program of awsh, from Node, from the agent or by a command that changes the shell', async () => {
      const { home, sandbox } = await homeWithPass();
      const watched = watchedPackage(home);
      const canary = join(home.path, 'canary');
      home.write('plant', plant(name, canary));
      for (const words of [
        ['allow', 'projects/dev'],
        ['agent', 'start'],
      ])
        expect(await runInstalled(words, home.environment)).toMatchObject({ status: 0 });
      const shell = await openShell(name, { home, rc: `source ${watched.path}/shell/awsh.${name}` });
      // Before the hook asks the agent for the first time, it has loaded the zsh module that it
      // needs for that.
      await shell.run(`source ${home.path}/plant; cd projects`);
      const calls = () => watched.calls().split('\n');
      const started = () => calls().filter((line) => line.includes('execve('));
      const key = () => shell.output('echo $AWS_ACCESS_KEY_ID', 30_000);
      await shell.run('cd dev', 60_000);
      expect(await key()).toMatch(/^ASIA/);
      expect(started().join('\n')).toMatch(/execve\("[^"]*\/pass"/);
      // Now the hook gets its answer from the agent.
      const before = started().length;
      await shell.run('cd .. && cd dev', 60_000);
      expect(await key()).toMatch(/^ASIA/);
      expect(
        started()
          .slice(before)
          .filter((line) => /awsh\.cjs|bin\/awsh"/.test(line)),
      ).toEqual([]);
      await shell.run('awsh use dev; awsh off; awsh deny; awsh allow', 90_000);
      expect(calls().filter((line) => line.includes(canary))).toEqual([]);
      expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
      expect(existsSync(canary)).toBe(false);
    });
  },
);

describe.skipIf(!has('zsh'))('a MODULE_PATH that a directory sets', () => {
  it('does not affect the hook in zsh: its modules are loaded by then', async () => {
    const shell = await openHookShell('zsh', { environment: { AWSH_AGENT: undefined } });
    await shell.run('export MODULE_PATH=/nonexistent');
    expect((await shell.run('cd dev')).shown).not.toContain('module');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    for (const name of ['datetime', 'system', 'parameter', 'net/tcp'])
      expect(await shell.output(`zmodload -e zsh/${name} && echo ${name}`)).toBe(name);
  });
});
