import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseHookReport, type Scene } from '../../src/diagnosis/index.ts';
import { tells } from '../support/finding-rows.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { blockFor, checkNamed, foundBy, sceneIn, wellHook } from '../support/scenes.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const nodeAt = (path: string) => () => ({ node: { version: '20.1.0', path } });
const installed = (packageFolder: string) => () => ({ packageFolder });

tells('node', [
  ['a manager’s Node does no harm', nodeAt('/home/jane/.nvm/versions/node/v20.1.0/bin/node'), null],
  [
    'nvm',
    installed('/home/jane/.nvm/versions/node/v20.1.0/lib/node_modules/awsh'),
    /^note .*only for nvm’s Node v20\.1\.0/,
  ],
  [
    'fnm',
    installed('/home/jane/.local/share/fnm/node-versions/v22.1.0/installation/lib/node_modules/awsh'),
    /fnm’s Node v22/,
  ],
  [
    'fnm, for as long as a shell lives',
    installed('/run/user/1/fnm_multishells/12_34/lib/node_modules/awsh'),
    /fnm’s Node/,
  ],
  [
    'asdf',
    installed('/home/jane/.asdf/installs/nodejs/20.1.0/lib/node_modules/awsh'),
    /asdf’s Node 20\.1\.0/,
  ],
  [
    'mise',
    installed('/home/jane/.local/share/mise/installs/node/22/lib/node_modules/awsh'),
    /mise’s Node 22/,
  ],
  [
    'Volta’s Node',
    installed('/home/jane/.volta/tools/image/node/20.1.0/lib/node_modules/awsh'),
    /Volta’s Node 20/,
  ],
  [
    'Volta’s packages stay',
    installed('/home/jane/.volta/tools/image/packages/awsh/lib/node_modules/awsh'),
    null,
  ],
  ['a folder of its own', installed('/home/jane/.local/lib/node_modules/awsh'), null],
]);

it('doctor names the version manager of Node', async () => {
  const scene = sceneIn(
    temporaryHome(),
    nodeAt('/home/jane/.local/share/mise/installs/node/22.1.0/bin/node')(),
  );
  expect(await foundBy(checkNamed('node'), scene)).toEqual(['ok Node 20.1.0, by mise']);
});

const certificates =
  (version: string, path = '/usr/bin/node') =>
  (home: TemporaryHome) => ({
    environment: { NODE_EXTRA_CA_CERTS: home.write('ca.pem', '') },
    node: { version, path },
  });

tells('extra-certificates', [
  ['Node 20', certificates('20.19.0'), /^note .*slow.*install Node 22 or newer$/],
  ['Node 20 of nvm', certificates('20.19.0', '/h/.nvm/versions/node/v20.19.0/bin/node'), / nvm install 22$/],
  ['Node 22', certificates('22.1.0'), null],
  [
    'a file that is gone',
    () => ({ environment: { NODE_EXTRA_CA_CERTS: '/nowhere.pem' } }),
    /^note .*\/nowhere\.pem .* unset NODE_EXTRA_CA_CERTS$/,
  ],
]);

tells('path', [
  ['no awsh', () => ({ environment: { PATH: '/usr/bin:/bin' } }), /^note PATH has no awsh/],
  [
    'a link to this one',
    (home) => {
      const bin = join(home.write('bin/file', ''), '..');
      symlinkSync(join(packageFolder, 'bin/awsh'), join(bin, 'awsh'));
      return { environment: { PATH: `${bin}:/usr/bin` } };
    },
    null,
  ],
  [
    'another awsh',
    (home) => {
      const bin = join(home.write('other/bin/awsh', '#!/bin/sh\n', 0o755), '..');
      return { environment: { PATH: `${bin}:/usr/bin` } };
    },
    /^note PATH finds another awsh: ~\/other\/bin\/awsh .*\/other\/bin\/awsh setup/,
  ],
]);

const startUp =
  (text: string | null, hook: Scene['hook'] = null) =>
  (home: TemporaryHome) => ({
    hook,
    startUp: { shell: 'bash', files: [{ path: join(home.path, '.bashrc'), text }] },
  });

const rcBash = `'${join(packageFolder, 'shell/rc.bash')}'`;
const bashFiles = (home: TemporaryHome, ...texts: (string | null)[]) => ({
  shell: 'bash',
  files: ['.bashrc', '.bash_profile'].map((name, at) => ({
    path: join(home.path, name),
    text: texts[at] ?? null,
  })),
});

tells('start-up-file', [
  ['there is none', startUp(null), /^note new shells do not load awsh: ~\/\.bashrc .* awsh setup$/],
  ['it has no block', startUp('alias ll="ls -l"\n'), /^note new shells do not load awsh/],
  ['it is loaded by a line of one’s own', startUp('source ~/awsh/shell/awsh.bash\n', wellHook), null],
  [
    'the package was removed',
    startUp(blockFor("'/old place/awsh/shell/rc.bash'"), wellHook),
    /^problem .*gone: \/old place\/awsh\/shell\/rc\.bash .* awsh setup$/,
  ],
  [
    'login shells lack it',
    (home) => ({ startUp: bashFiles(home, blockFor(rcBash), null) }),
    /^note login shells of bash \(ssh, tmux\) do not load awsh: ~\/\.bash_profile .* awsh setup$/,
  ],
  ['both files have it', (home) => ({ startUp: bashFiles(home, blockFor(rcBash), blockFor(rcBash)) }), null],
  ['a shell that awsh has no hook for', () => ({ startUp: null }), null],
]);

tells('hook', [
  ['not loaded, and not set up', startUp('', null), null],
  [
    'set up, and not loaded',
    () => ({ hook: null }),
    /^problem this shell has not loaded awsh .*~\/\.bashrc.* source .*\/shell\/awsh\.bash$/,
  ],
  ['asked by a script', () => ({ hook: null, atPrompt: false }), null],
  [
    'run past its function',
    () => ({ hook: null, environment: { AWSH_SEGMENT: 'dev 42m' } }),
    /^note the hook of this shell was not asked/,
  ],
  [
    'another awsh’s',
    () => ({ hook: { ...wellHook, launcher: '/old/bin/awsh' } }),
    /^note .*another awsh .*\/old\/bin\/awsh .* open a new terminal$/,
  ],
  [
    'of an older version',
    () => ({ hook: { ...wellHook, version: '1.2.2' } }),
    /^note .* hook of version 1\.2\.2, and this awsh is version 1\.2\.3 .*awsh was upgraded .* exec bash$/,
  ],
  [
    'of another text',
    () => ({ hook: { ...wellHook, version: null, word: '0123456789ab' } }),
    /^note .* an older hook than .* exec bash$/,
  ],
  [
    'from before it gave its version',
    () => ({ hook: { ...wellHook, version: null, word: null } }),
    /^note .* an older hook than .* exec bash$/,
  ],
  [
    'whose second file is of another version',
    () => ({ hook: null, environment: { AWSH_HOOK: 'outdated zsh' } }),
    /^problem the hook of this shell is older than awsh.* exec zsh$/,
  ],
  [
    'it leaves the agent alone',
    () => ({ hook: { ...wellHook, asksAgent: false } }),
    /^note .*does not ask the agent.* trap -p PIPE$/,
  ],
  [
    'it leaves the agent alone because it is told to',
    () => ({ hook: { ...wellHook, asksAgent: false }, environment: { AWSH_AGENT: 'off' } }),
    null,
  ],
]);

const runs =
  (...names: string[]) =>
  () => ({ hook: { ...wellHook, runs: names } });

tells('hook-order', [
  ['after direnv and before starship', runs('_direnv_hook', '__awsh_prompt', 'starship_precmd'), null],
  [
    'something took its place',
    runs('starship_precmd'),
    /^problem the hook does not run before prompts .*PROMPT_COMMAND.* end of ~\/\.bashrc$/,
  ],
  [
    'direnv comes later',
    runs('__awsh_prompt', '_direnv_hook'),
    /^problem direnv runs after the hook .* below direnv.s line/,
  ],
  ['mise comes later', runs('__awsh_precmd', '_mise_hook_precmd'), /^problem mise runs after the hook/],
  [
    'what powerlevel10k puts first draws nothing',
    runs('_p9k_do_nothing', '_p9k_precmd_first', '__awsh_precmd', '_p9k_precmd'),
    null,
  ],
  [
    'a theme comes before',
    runs('_p9k_precmd', '__awsh_precmd'),
    /^note powerlevel10k draws the prompt before/,
  ],
  ['fish has no such order', () => ({ hook: { ...wellHook, shell: 'fish', runs: [] } }), null],
  ['no hook', () => ({ hook: null }), null],
]);

tells('completion', [
  [
    'missing in bash',
    () => ({ hook: { ...wellHook, completes: false } }),
    /^note Tab does not complete awsh \/ awsh setup$/,
  ],
  ['missing in zsh', () => ({ hook: { ...wellHook, shell: 'zsh', completes: false } }), /compinit/],
  ['no hook', () => ({ hook: null }), null],
]);

describe('the report of the hook', () => {
  const lines = ['shell bash 5.2.15(1)-release', 'launcher /a b/bin/awsh', 'mode auto'];

  it('is read', () => {
    const more = [
      'version 1.2.3',
      'word 0123456789ab',
      'agent 1',
      'completion 1',
      'runs _direnv_hook;__awsh_prompt%0A__awsh_draw',
      'runs x --y',
      'end',
    ];
    expect(parseHookReport([...lines, ...more].join('\n'))).toEqual({
      shell: 'bash',
      shellVersion: '5.2.15(1)-release',
      launcher: '/a b/bin/awsh',
      version: '1.2.3',
      word: '0123456789ab',
      mode: 'auto',
      asksAgent: true,
      completes: true,
      runs: ['_direnv_hook', '__awsh_prompt', '__awsh_draw', 'x'],
    });
  });

  it.each([
    ['not there', undefined],
    ['cut short', lines.join('\n')],
    ['without a mode', [lines[0], lines[1], 'end'].join('\n')],
    ['something else', 'hello'],
  ])('is ignored if it is %s', (_, text) => {
    expect(parseHookReport(text)).toBeNull();
  });
});
