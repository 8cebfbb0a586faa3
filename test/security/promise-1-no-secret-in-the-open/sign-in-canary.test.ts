import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Misbehaviour } from '../../../src/demo/emulator/faults.ts';
import { appPaths } from '../../../src/system/index.ts';
import { Canaries } from '../../support/canaries.ts';
import { ProcessWatch } from '../../support/process-watch.ts';
import { has } from '../../support/programs.ts';
import { packageFolder, runInstalled } from '../../support/run-awsh.ts';
import { signInHome } from '../../support/sign-in-terminal.ts';
import { agentOf, allowInBrowser, leaksOf, typed } from '../../support/sign-in-walk.ts';
import { openShell, type ShellTerminal } from '../../support/terminal.ts';

type Home = Awaited<ReturnType<typeof signInHome>>;

/** Replies that cannot be parsed, and a refusal that quotes the request. */
const faults: ((corp: Home) => Misbehaviour)[] = [
  () => ({ kind: 'rewrite', rewrite: (body) => body.slice(0, -1) }),
  () => ({ kind: 'rewrite', rewrite: (body) => JSON.stringify({ error: 'server_error', message: body }) }),
  ({ emulator }) => ({
    kind: 'error',
    code: 'InvalidRequestException',
    get message() {
      const { code = '', clientSecret, codeVerifier } = emulator.calls.at(-1)?.params ?? {};
      return `not good: ${code} ${codeVerifier ?? clientSecret}`;
    },
  }),
];

/**
 * The files that must contain secrets of a sign-in: the one that every SDK reads, and awsh's client
 * registration.
 */
const ownFiles =
  /\/\.aws\/sso\/cache\/[0-9a-f]{40}\.json holds |\/awsh\/sso\/[0-9a-f]{40}\.json holds the client/;

/** Every secret of all sign-ins, from what Identity Center received and returned. */
function secretsOf({ emulator, signIns }: Home): Canaries {
  const canaries = new Canaries();
  const names = ['code', 'codeVerifier', 'deviceCode', 'refreshToken'] as const;
  for (const { params } of emulator.calls)
    for (const name of names) if (params[name]) canaries.add(`the ${name} ${params[name]}`, params[name]);
  for (const { clientSecret } of signIns.clients.values())
    canaries.add(`the client secret ${clientSecret}`, clientSecret);
  for (const token of signIns.accessTokens.keys()) canaries.add(`the access token ${token}`, token);
  for (const token of signIns.refreshTokens.keys()) canaries.add(`the refresh token ${token}`, token);
  return canaries;
}

async function signInByBrowser(shell: ShellTerminal, corp: Home, isPasted: boolean): Promise<number> {
  shell.type('awsh sso login corp --browser-flow --debug\r');
  await allowInBrowser(shell, corp, isPasted);
  return (await shell.prompt(60_000)).status;
}

const actionsOf = (corp: Home) => new Set(corp.emulator.actions);

describe('awsh sso', () => {
  it.each([
    ['bash', 'set -x'],
    ['fish', 'set -g fish_trace 1'],
  ] as const)(
    'in a %s that traces, leaves no secret in the open',
    { timeout: 120_000 },
    async (name, trace) => {
      if (name === 'fish' && !has('fish')) return;
      const corp = await signInHome();
      corp.signIns.rules.answer = 'allow';
      const said = await agentOf(corp);
      const watch = new ProcessWatch(corp.home.path);
      const shell = await openShell(name, {
        home: { ...corp.home, environment: corp.environment },
        rc: `source ${packageFolder}/shell/awsh.${name}`,
      });
      const statuses = [
        await typed(shell, trace),
        await typed(shell, 'awsh sso login corp --device-code --debug'),
        await typed(shell, 'awsh use corp; awsh sso status --debug'),
      ];
      // Valid for such a short time that each command renews it.
      corp.signIns.rules.accessSeconds = 1;
      statuses.push(
        await signInByBrowser(shell, corp, false),
        await typed(shell, 'awsh refresh; awsh exec corp --refresh --debug -- true'),
        await signInByBrowser(shell, corp, true),
        await typed(shell, 'awsh sso login corp --if-needed --debug'),
      );
      const files = secretsOf(corp).inFilesBelow(corp.home.path);
      statuses.push(await typed(shell, 'awsh sso logout corp --debug'));
      expect(statuses).toEqual(statuses.map(() => 0));
      expect(actionsOf(corp)).toContain('GetRoleCredentials');
      expect(corp.emulator.calls.some(({ params }) => params.refreshToken)).toBe(true);
      expect(said()).toContain(' lease 1\n');
      expect(files.filter((line) => ownFiles.test(line))).not.toEqual([]);
      expect(files.filter((line) => !ownFiles.test(line))).toEqual([]);
      expect(await leaksOf(secretsOf(corp), ownFiles, { corp, shown: shell.received, said, watch })).toEqual(
        [],
      );
    },
  );

  it('quotes no token that the portal quotes', async () => {
    const corp = await signInHome();
    corp.leave(3600);
    corp.emulator.misbehave({
      kind: 'error',
      action: 'GetRoleCredentials',
      code: 'ForbiddenException',
      status: 403,
      message: `no role for ${corp.file().accessToken}`,
    });
    const { status, err } = await runInstalled(['exec', 'corp', '--', 'true'], corp.environment);
    expect([status, err]).toEqual([8, expect.stringContaining('no role for …')]);
    expect(err).toContain('awsh sso login corp with --browser or --container');
    expect(err).toMatch(/\n {2}next: awsh sso accounts corp\n$/);
  });

  it('quotes no secret of a reply that it cannot read', { timeout: 120_000 }, async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    const said = await agentOf(corp);
    const watch = new ProcessWatch(corp.home.path);
    let shown = '';
    for (const action of ['RegisterClient', 'StartDeviceAuthorization', 'CreateToken'])
      for (const fault of faults) {
        const behave = corp.emulator.misbehave(Object.assign(fault(corp), { action }));
        // A device would ask again after such a reply.
        const flow = action === 'CreateToken' ? '--browser-flow' : '--device-code';
        const terminal = await corp.start(['sso', 'login', 'corp', flow, '--debug']);
        if (action === 'CreateToken') await allowInBrowser(terminal, corp, false);
        expect((await terminal.exited).status, action).not.toBe(0);
        shown += terminal.received;
        behave();
        rmSync(join(appPaths(corp.environment).state, 'sso'), { recursive: true, force: true });
      }
    expect(shown.match(/not as AWS would/g)).toHaveLength(6);
    expect(shown.match(/not good: /g)).toHaveLength(3);
    expect(await leaksOf(secretsOf(corp), ownFiles, { corp, shown, said, watch })).toEqual([]);
  });
});
