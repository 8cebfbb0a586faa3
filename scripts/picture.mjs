// Draws docs/session.svg: a real session in the sandbox, typed into a real bash in tmux, line by
// line as the terminal shows it. With --check it draws nothing, and fails if the terminal shows
// something different from the picture.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const picture = new URL('../docs/session.svg', import.meta.url);
// Wide enough for the longest line that awsh writes here.
const columns = 116;
const rows = 50;
const socket = `awsh-picture-${process.pid}`;
const tmux = (...args) =>
  execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
const screen = () => tmux('capture-pane', '-p', '-e', '-t', 'picture').trimEnd();
const colour = /\x1b\[([0-9;]*)m/g;

async function until(pattern) {
  for (let tries = 0; tries < 600; tries++) {
    if (pattern.test(screen().replace(colour, ''))) return;
    await sleep(50);
  }
  throw new Error(`not seen: ${pattern}\n${screen()}`);
}

function type(keys) {
  tmux('send-keys', '-t', 'picture', '-l', keys);
  tmux('send-keys', '-t', 'picture', 'Enter');
}

/** Files that were allowed before; the guide of the demo is not in the picture. */
const before = [
  ['__demo_report() { :; }; mkdir projects/site; echo corp >projects/site/.awsprofile', /~ \$$/],
  ['for name in dev site prod; do awsh allow projects/$name; done', /allow it\? \[y\/N\]$/],
  ['y', /allowed \S+prod\/.awsprofile\n~ \$$/],
  ['clear', /^~ \$$/],
];

/** What the user types, and the expected output. */
const session = [
  ['cd projects/dev', /\ndev (59m|1h00m) .*\$$/],
  ['cd ../prod', /\[y\/N\]$/],
  ['y', /\nprod (59m|1h00m) .*\$$/],
  ['cd ../site', /next: awsh sso login corp\n.*\$$/],
  ['awsh sso login corp --browser-flow', /paste the address [\s\S]*Enter\.[^$]*$/],
  ['', /signed in to corp until .*\ncorp (59m|1h00m) .*\$$/],
  ['cd ~', /\n~ \$$/],
  ['echo "${AWS_ACCESS_KEY_ID-no key here}"', /\nno key here\n~ \$$/],
];

/** The lines of the screen at the end, each with the number of the command that printed it. */
async function record() {
  tmux(
    'new-session',
    '-d',
    '-s',
    'picture',
    '-x',
    `${columns}`,
    '-y',
    `${rows}`,
    '-e',
    'SHELL=/bin/bash',
    'bin/awsh demo',
  );
  try {
    await until(/type: cd[\s\S]*~ \$$/);
    for (const [keys, end] of before) {
      type(keys);
      await until(end);
    }
    const lines = [];
    for (const [index, [keys, end]] of session.entries()) {
      const begin = lines.length;
      type(keys);
      await until(end);
      const now = screen().split('\n');
      // The command is after the previous prompt.
      for (let row = Math.max(0, begin - 1); row < now.length; row++)
        lines[row] = { text: now[row], step: row < begin ? lines[row].step : index };
    }
    return lines;
  } finally {
    tmux('kill-server');
  }
}

/** Times, ports and numbers that change daily are not compared. */
function comparable(svg) {
  return svg
    .replace(/<style>[\s\S]*?<\/style>|<[^>]*>/g, '')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'DATE')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll('1h00m', '59m');
}

function svg(lines) {
  const [width, height] = [8.43, 18];
  const body = lines
    .map(
      ({ text, step }, row) => `<text class="s${step}" y="${(row + 1) * height + 34}">${spans(text)}</text>`,
    )
    .join('\n');
  const delays = session.map((_, step) => `.s${step}{animation-delay:${step * 1.5}s}`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="${Math.ceil(columns * width) + 32}" height="${lines.length * height + 58}" role="img" aria-label="a terminal session with awsh">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d8dee9;white-space:pre;animation:show .2s both}${delays}@keyframes show{from{opacity:.35}}@media(prefers-reduced-motion:reduce){text{animation:none}}</style>
<rect width="100%" height="100%" rx="8" fill="#1e222a"/>
<circle cx="20" cy="18" r="6" fill="#e06c75"/><circle cx="40" cy="18" r="6" fill="#e5c07b"/><circle cx="60" cy="18" r="6" fill="#98c379"/>
<g transform="translate(16,0)">
${body}
</g>
</svg>
`;
}

/** SGR colours as tspans; the rest of the line as text. */
function spans(line) {
  const colours = { 31: '#e06c75', 32: '#98c379', 33: '#e5c07b', 2: '#7f848e' };
  let fill = null;
  return line
    .split(/(\x1b\[[0-9;]*m)/)
    .map((part) => {
      const codes = /^\x1b\[([0-9;]*)m$/.exec(part)?.[1];
      if (codes === undefined) {
        const text = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        return text && (fill === null ? text : `<tspan fill="${fill}">${text}</tspan>`);
      }
      for (const code of codes.split(';'))
        fill = colours[code] ?? (code === '' || code === '0' || code === '39' ? null : fill);
      return '';
    })
    .join('');
}

const lines = await record();
const broken = lines.find(({ text }) => text.replace(colour, '').length >= columns);
if (broken !== undefined) throw new Error(`a line does not fit: ${broken.text}`);
const drawn = svg(lines);
if (!process.argv.includes('--check')) writeFileSync(picture, drawn);
else if (comparable(drawn) !== comparable(readFileSync(picture, 'utf8'))) {
  console.error(
    `docs/session.svg is not what awsh shows: run node scripts/picture.mjs\n${comparable(drawn)}`,
  );
  process.exitCode = 1;
}
