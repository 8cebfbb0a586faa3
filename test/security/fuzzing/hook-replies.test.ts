import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzTimeout, linesLike } from '../../support/fuzzing.ts';
import { hookPackage, loadedReply } from '../../support/hook-package.ts';
import { hookShells } from '../../support/hook-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const count = process.env.FUZZ_SECONDS ? Number(process.env.FUZZ_SECONDS) * 20 : 40;

const code = '$(touch ~/pwned)';
const known = [
  ...loadedReply('dev', { region: 'eu-west-1' }).split('\n'),
  `set PATH /evil`,
  `set AWS_REGION ${code}`,
  `set a[${code}] 1`,
  `set AWSH_EXPIRES a[${code}]`,
  `- ok a[${code}] dev`,
  '- ok 99999999999999999999 dev',
  '- blocked 0 blocked',
  'state blocked',
  `state ${code}`,
  'reason \x1b]0;forged\x07',
  'next `touch ~/pwned`',
  'say %0A%0D\x1b[31mforged',
  'unset PATH',
  'protected 1',
  'set IFS x',
  'set LD_PRELOAD /evil',
];

/** Answers the Nth request with the Nth reply. */
const launcher = (path: string) => `#!/bin/bash -p
IFS= read -r at <"${path}/at"; echo $((at + 1)) >"${path}/at"
IFS= read -r -d '' reply <"${path}/replies/$at"; printf %s "$reply"
`;

/**
 * Checks after each reply that no forbidden variable is set, and that no identity is incomplete.
 */
const look = {
  fish: 'for n in (set -nx); string match -qr "^(AWS|AWSU|AWSH)" -- $n; or echo $n; end >>~/seen; set -q AWS_ACCESS_KEY_ID; and not set -q AWS_SECRET_ACCESS_KEY; and echo half >>~/seen; echo $PATH >>~/seen',
  other:
    'env | grep -v -E "^(AWS|AWSU|AWSH|_=|PWD=|OLDPWD=|SHLVL=)" | cut -d= -f1 >>~/seen; [[ -z ${AWS_ACCESS_KEY_ID-} || -n ${AWS_SECRET_ACCESS_KEY-} ]] || echo half >>~/seen; echo $PATH >>~/seen',
};

describe.each(hookShells)('any reply of the launcher, read by %s,', (name) => {
  it('is taken completely or not at all, and runs nothing', { timeout: fuzzTimeout + count * 100 }, () => {
    const home = temporaryHome();
    const kit = hookPackage(home);
    const replies = fc.sample(linesLike(known), { numRuns: count });
    for (const [at, reply] of replies.entries()) writeFileSync(join(kit.path, 'replies', `${at}`), reply);
    writeFileSync(join(kit.path, 'at'), '0\n');
    writeFileSync(kit.launcher, launcher(kit.path));
    chmodSync(kit.launcher, 0o755);
    home.write('dev/.awsprofile', 'dev\n');
    // There is no prompt without a terminal, and fish waits for the first one.
    const prompt = name === 'fish' ? 'awsh refresh' : ':';
    const each = `cd ~/dev\n${prompt}\n${name === 'fish' ? look.fish : look.other}\ncd ~\n`;
    const script = `${kit.source[name]}\n${name === 'fish' ? look.fish : look.other}\n${each.repeat(count)}`;
    const options = { bash: ['--norc', '--noprofile', '-i'], zsh: ['-f', '-i'], fish: ['-N', '-i'] }[name];
    const environment = { ...home.environment, TERM: 'dumb' };
    const ran = spawnSync(name, options, {
      env: environment,
      cwd: home.path,
      // A file, because fish reads no sockets.
      stdio: [openSync(home.write('script', script), 'r'), 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    const asked = Number(readFileSync(join(kit.path, 'at'), 'utf8'));
    expect(asked, ran.stderr).toBeGreaterThan(count / 2);
    expect(existsSync(join(home.path, 'pwned'))).toBe(false);
    expect(`${ran.stdout}${ran.stderr}`).not.toMatch(
      /forged(?!\S*['"?])[^?]*\x07|\x1b\[31mforged|\x1b\]0;forged/,
    );
    const seen = readFileSync(join(home.path, 'seen'), 'utf8').split('\n');
    expect(seen).not.toContain('half');
    expect(seen.filter((line) => /evil|LD_PRELOAD|^IFS$/.test(line))).toEqual([]);
    expect(new Set(seen.filter((line) => line.startsWith('/'))).size).toBe(1);
    if (process.env.FUZZ_SECONDS) console.log(`fuzz: hook reply, ${name}: ${asked} executions`);
  });
});
