import { describe, expect, it } from 'vitest';
import { loadedReply } from '../support/hook-package.ts';
import { type HookShell, hookShells, openHookShell } from '../support/hook-shell.ts';

const s3 = 'AWS_ENDPOINT_URL_S3 http://127.0.0.1:4566';
const all = [
  s3,
  'AWS_USE_FIPS_ENDPOINT true',
  'AWS_USE_DUALSTACK_ENDPOINT true',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS true',
  'AWS_CA_BUNDLE /home/me/a b.pem',
];
const replyWith = (lines: string[]) => loadedReply('dev', { lines: lines.map((line) => `set ${line}`) });
/** Those of these variables that are exported, in their order. */
const shown = (shell: HookShell) =>
  shell.output('env | grep -E "^AWS_(ENDPOINT|USE|IGNORE|CA)" | LC_ALL=C sort');
const now = (lines: string[]) =>
  lines
    .map((line) => line.replace(' ', '='))
    .sort()
    .join('\n');

describe.each(hookShells)("a profile's variables for programs, in %s", (name) => {
  it('are set in the directory, and the earlier values are restored on leaving', async () => {
    const own = ['AWS_CA_BUNDLE /corp.pem', 'AWS_ENDPOINT_URL_S3 http://own', 'AWS_USE_FIPS_ENDPOINT false'];
    const shell = await openHookShell(name, {
      before: own.map((line) => `export ${line.replace(' ', '=')}`).join('\n'),
      prepare: (_, kit) => kit.answer('dev', replyWith(all)),
    });
    await shell.run('cd dev');
    expect(await shown(shell)).toBe(now(all));
    await shell.run('cd ../prod');
    expect(await shown(shell)).toBe(now(['AWS_CA_BUNDLE /corp.pem', 'AWS_USE_FIPS_ENDPOINT false']));
    await shell.run('cd ../none');
    expect(await shown(shell)).toBe(now(own));
  });

  it('are not changed if the user has changed them since', async () => {
    const shell = await openHookShell(name, { prepare: (_, kit) => kit.answer('dev', replyWith(all)) });
    await shell.run('cd dev');
    await shell.run('export AWS_ENDPOINT_URL_S3=http://mine AWS_CA_BUNDLE=/mine.pem');
    await shell.run('cd ../none');
    expect(await shown(shell)).toBe('AWS_CA_BUNDLE=/mine.pem\nAWS_ENDPOINT_URL_S3=http://mine');
  });

  it.each(['AWS_ENDPOINT_URL_s3 x', 'AWS_ENDPOINT_URL_ x', 'AWS_ENDPOINT_URL_A-B x', 'AWS_CA_BUNDLE_X x'])(
    'takes nothing of a reply that sets %s',
    async (line) => {
      const shell = await openHookShell(name, { prepare: (_, kit) => kit.answer('dev', replyWith([line])) });
      await shell.run('cd dev');
      expect(await shell.output('echo $AWS_PROFILE')).toBe('awsh-blocked');
      expect(await shown(shell)).toBe('');
    },
  );

  it('never include a CA bundle that awsh itself trusts in a child shell', async () => {
    const shell = await openHookShell(name, {
      before: 'export AWS_CA_BUNDLE=/corp%.pem',
      prepare: (_, kit) => kit.answer('dev', replyWith(all)),
    });
    await shell.run('cd dev');
    const inner = { bash: 'bash --norc -i -c', zsh: 'zsh -f -i -c', fish: 'fish --no-config -i -c' }[name];
    await shell.run(
      `${inner} '${shell.kit.source[name]}; cd ~/prod; __awsh_prompt 2>/dev/null; awsh refresh'`,
    );
    const bundles = shell.kit.requests().map((request) => /^env AWS_CA_BUNDLE (.*)$/m.exec(request)?.[1]);
    expect(bundles.length).toBeGreaterThan(1);
    expect(new Set(bundles)).toEqual(new Set(['/corp%25.pem']));
  });
});
