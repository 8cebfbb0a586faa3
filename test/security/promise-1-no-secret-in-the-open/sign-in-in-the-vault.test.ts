import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Canaries } from '../../support/canaries.ts';
import { makePasswordStore, stopPasswordStore } from '../../support/password-store.ts';
import { has } from '../../support/programs.ts';
import { runInstalled } from '../../support/run-awsh.ts';
import { startSecretService } from '../../support/secret-service.ts';
import { signInHome } from '../../support/sign-in-terminal.ts';
import type { TemporaryHome } from '../../support/temporary-home.ts';

type Home = Awaited<ReturnType<typeof signInHome>>;

/** Real vault backends, and the environment for each. */
const backends: Record<string, (home: TemporaryHome) => Promise<Record<string, string>>> = {
  file: async () => ({ AWSH_FILE_PASSPHRASE: 'correct horse' }),
  keychain: async (home) => {
    const service = await startSecretService(home);
    onTestFinished(() => service.stop());
    return service.environment;
  },
  pass: async (home) => {
    const environment = makePasswordStore(home);
    onTestFinished(() => stopPasswordStore(environment));
    return environment;
  },
};
const here = ['file', ...(has('gnome-keyring-daemon') ? ['keychain'] : []), ...(has('pass') ? ['pass'] : [])];

/** What the backend itself shows of the key; empty if it has none. */
async function keyOf({ environment, home }: Home, backend: string): Promise<string> {
  const look: Record<string, string> = {
    file: `ls ${home.path}/.local/share/awsh/vault | grep -v vault.key`,
    keychain:
      'dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets/collection/login org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Collection string:Items | grep "object path"',
    pass: 'pass ls | grep sealing-key',
  };
  const { stdout } = await execa('sh', ['-c', look[backend] ?? ''], { env: environment, reject: false });
  return stdout.trim();
}

/** A home with `sso_cache = vault`, and a sign-in to corp made by awsh. */
async function vaultHome(settings = 'sso_cache = vault\n', backend = 'file') {
  const corp = await signInHome();
  corp.signIns.rules.answer = 'allow';
  const { PATH: _, ...found } = (await backends[backend]?.(corp.home)) ?? {};
  Object.assign(corp.environment, found, { AWSH_BACKEND: backend });
  const set = (text: string) => corp.home.write('.config/awsh/config', `backend = ${backend}\n${text}`);
  set(settings);
  const login = async () => {
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    expect(await terminal.exited).toMatchObject({ status: 0 });
  };
  await login();
  const awsh = (...words: string[]) => runInstalled(words, { ...corp.environment, AWSH_AGENT: 'off' });
  const role = () => awsh('exec', 'corp', '--refresh', '--', 'true');
  const sealed = () => {
    const folder = join(corp.home.path, '.local/state/awsh/sso');
    return join(folder, readdirSync(folder).find((name) => name.endsWith('-sealed.json')) ?? 'none');
  };
  return { ...corp, set, login, awsh, role, sealed };
}

function tokensOf({ signIns }: Home): Canaries {
  const canaries = new Canaries();
  for (const token of [...signIns.accessTokens.keys(), ...signIns.refreshTokens.keys()])
    canaries.add(`the token ${token}`, token);
  return canaries;
}

describe.each(here)('with sso_cache = vault in %s, a sign-in to IAM Identity Center', (backend) => {
  it('is in no file in plain text, is used and renewed, and ends at AWS', async () => {
    const corp = await vaultHome(undefined, backend);
    expect(existsSync(corp.path)).toBe(false);
    expect((await corp.role()).status).toBe(0);
    expect((await corp.awsh('sso', 'accounts', 'corp')).status).toBe(0);
    corp.emulator.cloud.organisation.addAccount('444455556666', 'dev');
    const populated = await corp.awsh('sso', 'populate', 'corp', '--yes');
    expect([populated.status, populated.err]).toEqual([
      0,
      expect.stringContaining('only awsh can use these'),
    ]);
    const file = JSON.parse(readFileSync(corp.sealed(), 'utf8'));
    corp.home.write(
      corp.sealed().slice(corp.home.path.length + 1),
      JSON.stringify({ ...file, expiresAt: corp.at(-60) }),
    );
    for (const _ of ['renews', 'goes on']) expect((await corp.role()).status).toBe(0);
    expect(corp.emulator.calls.filter(({ params }) => params.refreshToken)).toHaveLength(1);
    const [status] = JSON.parse((await corp.awsh('sso', 'status', '--json')).out);
    expect(status).toMatchObject({ state: 'signed in', renewable: true, by: 'awsh' });
    const canaries = tokensOf(corp);
    expect(canaries.inFilesBelow(corp.home.path)).toEqual([]);
    expect((await corp.awsh('sso', 'logout', 'corp')).err).toContain('signed out of corp');
    expect([corp.emulator.actions.at(-1), existsSync(corp.sealed())]).toEqual(['Logout', false]);
    expect([...corp.signIns.accessTokens.keys()].filter((it) => corp.signIns.isGood(it))).toHaveLength(1);
  });

  it('leaves nothing after awsh uninstall: neither its file nor its key', async () => {
    const corp = await vaultHome(undefined, backend);
    expect(await keyOf(corp, backend)).not.toBe('');
    const { status, out, err } = await corp.awsh('uninstall', '--yes');
    expect([status, out]).toEqual([0, expect.stringMatching(/^sign-ins +1 encrypted/m)]);
    expect(err).toContain('removed the encrypted sign-ins to Identity Center');
    expect(existsSync(join(corp.home.path, '.local/state/awsh'))).toBe(false);
    expect(await keyOf(corp, backend)).toBe('');
  });
});

describe('with sso_cache = vault, a sign-in to IAM Identity Center', () => {
  it('replaces the plain-text file that awsh wrote, and is replaced by it', async () => {
    const corp = await vaultHome('');
    expect(existsSync(corp.path)).toBe(true);
    corp.set('sso_cache = vault\n');
    await corp.login();
    expect([existsSync(corp.path), (await corp.role()).status]).toEqual([false, 0]);
    corp.set('sso_cache = shared\n');
    await corp.login();
    expect([existsSync(corp.path), existsSync(corp.sealed())]).toEqual([true, false]);
    expect((await corp.role()).status).toBe(0);
  });

  it('that the vault cannot decrypt is missing: exit 6, and the command', async () => {
    const corp = await vaultHome();
    const file = JSON.parse(readFileSync(corp.sealed(), 'utf8'));
    const other = { ...file, accessToken: `${file.accessToken.slice(0, -4)}AAAA` };
    corp.home.write(corp.sealed().slice(corp.home.path.length + 1), JSON.stringify(other));
    const { status, err } = await corp.role();
    expect([status, err]).toEqual([6, expect.stringMatching(/\n {2}next: awsh sso login corp\n$/)]);
    expect(corp.emulator.actions).not.toContain('GetRoleCredentials');
  });

  it('is used by shells that wait for it', async () => {
    const corp = await vaultHome();
    await corp.awsh('sso', 'logout', 'corp');
    const first = await corp.start(['sso', 'login', 'corp', '--device-code']);
    const second = await corp.start(['sso', 'login', 'corp', '--device-code']);
    for (const { exited } of [first, second]) expect(await exited).toMatchObject({ status: 0 });
    expect((await corp.awsh('lock')).err).toContain('signing out of corp');
    expect(existsSync(corp.sealed())).toBe(false);
  });
});
