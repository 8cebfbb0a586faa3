// Runs shellcheck and shfmt on every shell file if they are installed. Names a missing program, and
// fails because of it if AWSH_TEST_NO_SKIP is set.
import { spawnSync } from 'node:child_process';

const bash = [
  'bin/awsh',
  'bin/docker-credential-awsh',
  'shell/awsh.bash',
  'shell/awsh-rest.bash',
  'shell/awsh-ask.bash',
  'shell/awsh-join.bash',
  'shell/keep-port.bash',
  'shell/rc.bash',
  'completions/awsh.bash',
  '.ci/run',
];
const checks = [
  ['shellcheck', ['--severity=style', '--shell=bash', ...bash]],
  ['shfmt', ['--diff', ...bash]],
  ['zsh', ['-n', 'shell/awsh.zsh']],
  ['zsh', ['-n', 'shell/awsh-rest.zsh']],
  ['zsh', ['-n', 'shell/rc.zsh']],
  ['zsh', ['-n', 'shell/prompt/p10k.zsh']],
  ['zsh', ['-n', 'completions/_awsh']],
  ['fish', ['--no-execute', 'shell/awsh.fish']],
  ['fish', ['--no-execute', 'shell/awsh-rest.fish']],
  ['fish', ['--no-execute', 'shell/rc.fish']],
  ['fish', ['--no-execute', 'completions/awsh.fish']],
];

let failed = false;
for (const [program, args] of checks) {
  const result = spawnSync(program, args, { stdio: 'inherit' });
  if (result.error?.code === 'ENOENT') {
    console.error(`skipped: ${program} is not installed`);
    failed ||= Boolean(process.env.AWSH_TEST_NO_SKIP);
  } else if (result.status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
