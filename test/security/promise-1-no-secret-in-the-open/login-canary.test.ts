import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Misbehaviour } from '../../../src/demo/emulator/faults.ts';
import { Canaries } from '../../support/canaries.ts';
import { ProcessWatch } from '../../support/process-watch.ts';
import { packageFolder } from '../../support/run-awsh.ts';
import { linksOf, signInHome } from '../../support/sign-in-terminal.ts';
import { agentOf, allowInBrowser, leaksOf, typed } from '../../support/sign-in-walk.ts';
import { openShell, plainText, type ShellTerminal } from '../../support/terminal.ts';

const jane = 'arn:aws:iam::444455556666:user/jane';
const loginFile = `.aws/login/cache/${createHash('sha256').update(jane).digest('hex')}.json`;
/** The fields that every SDK reads: keys, tokens, and the private key of the DPoP proofs. */
const ownFile = new RegExp(`/${loginFile.replaceAll('.', '\\.')} holds `);

/** A home whose profile `dev` uses a sign-in of `aws login`, and all its secrets so far. */
async function loginHome() {
  const corp = await signInHome();
  const { emulator, home } = corp;
  emulator.addUser({ account: '444455556666', name: 'jane' });
  const section = `[profile dev]\nlogin_session = ${jane}\nregion = eu-west-1\nendpoint_url = ${emulator.url}\n`;
  home.write('.aws/config', section);
  // A program that gets the keys has them in its environment.
  const [secrets, keys] = [new Canaries(), new Canaries()];
  const path = join(home.path, loginFile);
  const addReply = ({
    accessToken = {},
    refreshToken,
    idToken,
  }: Record<string, Record<string, string> | string>) => {
    for (const [name, value] of Object.entries({ refreshToken, idToken }))
      if (value) secrets.add(`the ${name} ${value}`, String(value));
    const { secretAccessKey, sessionToken } = accessToken as Record<string, string>;
    for (const value of [secretAccessKey, sessionToken]) if (value) keys.add(`the key ${value}`, value);
  };
  /** The secrets that AWS got and those in the file. */
  const note = () => {
    for (const { params } of emulator.calls)
      for (const name of ['code', 'codeVerifier', 'refreshToken'])
        if (params[name]) secrets.add(`the ${name} ${params[name]}`, params[name]);
    if (!existsSync(path)) return;
    const file = JSON.parse(readFileSync(path, 'utf8'));
    addReply(file);
    const lines = String(file.dpopKey)
      .split('\n')
      .filter((line) => line.length > 20 && !line.startsWith('-'));
    for (const line of lines) secrets.add(`a line of dpopKey ${line}`, line);
  };
  const expire = () => {
    const file = JSON.parse(readFileSync(path, 'utf8'));
    const accessToken = { ...file.accessToken, expiresAt: '2020-01-01T00:00:00Z' };
    home.write(loginFile, JSON.stringify({ ...file, accessToken }));
  };
  const noted = (body: string) => {
    addReply(JSON.parse(body));
    return body;
  };
  return { ...corp, secrets, keys, note, noted, expire };
}

type Home = Awaited<ReturnType<typeof loginHome>>;

async function signInByPaste(shell: ShellTerminal): Promise<number> {
  const from = shell.received.length;
  shell.type('awsh sso login dev --device-code --debug\r');
  await shell.waitFor('press q and Enter to quit.');
  const shown = plainText(shell.received.slice(from)).replaceAll('\r', '');
  const address = /^http\S+$/m.exec(shown)?.[0] ?? '';
  const page = await (await fetch((await linksOf(address)).allow)).text();
  shell.type(`${/id="code">([^<]+)</.exec(page)?.[1] ?? ''}\r`);
  return (await shell.prompt(60_000)).status;
}

/** Replies that cannot be parsed, and a refusal that quotes the request. */
const faults: ((corp: Home) => Misbehaviour)[] = [
  (corp) => ({ kind: 'rewrite', rewrite: (body) => corp.noted(body).slice(0, -1) }),
  (corp) => ({
    kind: 'rewrite',
    rewrite: (body) => JSON.stringify({ error: 'AccessDenied', message: corp.noted(body) }),
  }),
  ({ emulator }) => ({
    kind: 'error',
    code: 'ValidationException',
    get message() {
      const { code, codeVerifier } = emulator.calls.at(-1)?.params ?? {};
      return `not good: ${code} ${codeVerifier}`;
    },
  }),
];

async function leaksIn(
  corp: Home,
  shown: string,
  said: () => string,
  watch: ProcessWatch,
): Promise<string[]> {
  corp.note();
  const files = corp.keys.inFilesBelow(corp.home.path).filter((line) => !ownFile.test(line));
  const walk = { corp, shown, said, watch };
  return [...files, ...corp.keys.in(shown), ...(await leaksOf(corp.secrets, ownFile, walk))];
}

describe('a sign-in for a profile with login_session', { timeout: 120_000 }, () => {
  it('in a tracing bash, leaves no secret unencrypted', async () => {
    const corp = await loginHome();
    const said = await agentOf(corp);
    const watch = new ProcessWatch(corp.home.path);
    const rc = `source ${packageFolder}/shell/awsh.bash`;
    const shell = await openShell('bash', { home: { ...corp.home, environment: corp.environment }, rc });
    const statuses = [await typed(shell, 'set -x')];
    for (const isPasted of [false, true]) {
      shell.type('awsh sso login dev --browser-flow --debug\r');
      await allowInBrowser(shell, corp, isPasted);
      statuses.push((await shell.prompt(60_000)).status);
      corp.note();
      corp.expire();
      statuses.push(await typed(shell, 'awsh exec dev --debug -- true; awsh use dev; awsh status --debug'));
      corp.note();
    }
    statuses.push(await signInByPaste(shell));
    statuses.push(
      await typed(shell, 'awsh explain dev --debug; awsh list --json; awsh doctor --offline; true'),
    );
    corp.note();
    expect(corp.secrets.inFilesBelow(corp.home.path).filter((line) => ownFile.test(line))).not.toEqual([]);
    statuses.push(await typed(shell, 'awsh sso logout dev --debug'));
    expect(statuses).toEqual(statuses.map(() => 0));
    expect(corp.emulator.calls.filter(({ params }) => params.refreshToken)).toHaveLength(2);
    expect(await leaksIn(corp, shell.received, said, watch)).toEqual([]);
  });

  it('quotes no secret of a reply that it cannot read', async () => {
    const corp = await loginHome();
    const said = await agentOf(corp);
    const watch = new ProcessWatch(corp.home.path);
    let shown = '';
    for (const fault of faults) {
      const behave = corp.emulator.misbehave(Object.assign(fault(corp), { action: 'CreateOAuth2Token' }));
      const terminal = await corp.start(['sso', 'login', 'dev', '--browser-flow', '--debug']);
      await allowInBrowser(terminal, corp, false);
      expect((await terminal.exited).status).not.toBe(0);
      shown += terminal.received;
      behave();
    }
    expect(shown).toContain('not good: ');
    expect(await leaksIn(corp, shown, said, watch)).toEqual([]);
  });
});
