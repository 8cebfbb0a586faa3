// Draws docs/session.svg: a real session in the sandbox, typed into a real bash in tmux, as the terminal showed it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const columns = 122;
const rows = 46;
const socket = `awsh-picture-${process.pid}`;
const tmux = (...args) =>
  execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
const screen = () => tmux('capture-pane', '-p', '-e', '-t', 'picture');

async function until(pattern) {
  for (let tries = 0; tries < 200; tries++) {
    if (
      pattern.test(
        screen()
          .replace(/\x1b\[[0-9;]*m/g, '')
          .trimEnd(),
      )
    )
      return;
    await sleep(100);
  }
  throw new Error(`not seen: ${pattern}\n${screen()}`);
}

/** What a person types, what ends it, and what is answered on the way. */
const session = [
  ['cd projects/dev', /next: awsh allow\n.*\$$/],
  ['awsh allow', /dev (59m|1h00m) .*\$$/],
  ['awsh status --verify', /AWS says.*\$$/s],
  ['cd ../staging && awsh allow', /MFA code for staging[^\n]*:$/],
  ['code', /staging (59m|1h00m) .*\$$/],
  ['awsh exec prod -- sh -c \'echo "child: $AWS_VAULT in $AWS_REGION"\'', /child: prod in us-east-1\n.*\$$/],
  ['cd ~', /\n~ \$$/],
];

tmux(
  'new-session',
  '-d',
  '-s',
  'picture',
  '-x',
  String(columns),
  '-y',
  String(rows),
  '-e',
  'SHELL=/bin/bash',
  'bin/awsh demo',
);
try {
  await until(/\n~ \$$/);
  tmux('send-keys', '-t', 'picture', 'clear', 'Enter');
  await until(/^~ \$$/);
  for (const [typed, end] of session) {
    const keys = typed === 'code' ? currentCode() : typed;
    tmux('send-keys', '-t', 'picture', '-l', keys);
    tmux('send-keys', '-t', 'picture', 'Enter');
    await until(end);
  }
  writeFileSync('docs/session.svg', svg(screen().trimEnd().split('\n')));
} finally {
  tmux('kill-server');
}

/** The sandbox writes its MFA device's code into its home. */
function currentCode() {
  const pane = tmux('display-message', '-p', '-t', 'picture', '#{pane_pid}').trim();
  const shells = execFileSync('pgrep', ['-P', pane], { encoding: 'utf8' }).trim().split('\n');
  for (const pid of shells) {
    const environment = execFileSync('cat', [`/proc/${pid}/environ`], { encoding: 'utf8' }).split('\0');
    const home = environment.find((entry) => entry.startsWith('HOME='))?.slice(5);
    if (home?.includes('awsh-demo-'))
      return execFileSync('cat', [`${home}/mfa-code`], { encoding: 'utf8' }).trim();
  }
  throw new Error('the sandbox shell was not found');
}

function svg(lines) {
  const [width, height] = [8.43, 18];
  const body = lines
    .map((line, row) => `<text y="${(row + 1) * height + 34}">${spans(line)}</text>`)
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="${Math.ceil(columns * width) + 32}" height="${lines.length * height + 58}" role="img" aria-label="a terminal session with awsh">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d8dee9;white-space:pre}</style>
<rect width="100%" height="100%" rx="8" fill="#1e222a"/>
<circle cx="20" cy="18" r="6" fill="#e06c75"/><circle cx="40" cy="18" r="6" fill="#e5c07b"/><circle cx="60" cy="18" r="6" fill="#98c379"/>
<g transform="translate(16,0)">
${body}
</g>
</svg>
`;
}

/** SGR colours as tspans; everything else of the line as text. */
function spans(line) {
  const colours = { 31: '#e06c75', 32: '#98c379', 33: '#e5c07b', 2: '#7f848e' };
  let colour = null;
  return line
    .split(/(\x1b\[[0-9;]*m)/)
    .map((part) => {
      const codes = /^\x1b\[([0-9;]*)m$/.exec(part)?.[1];
      if (codes === undefined) {
        const text = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        return text && (colour === null ? text : `<tspan fill="${colour}">${text}</tspan>`);
      }
      for (const code of codes.split(';'))
        colour = colours[code] ?? (code === '' || code === '0' || code === '39' ? null : colour);
      return '';
    })
    .join('');
}
