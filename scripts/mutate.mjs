// Mutation testing, run by hand: changes one operator, condition, number or call at a time in one part of src and runs the
// tests of that part. A change that no test notices survives, and shows what is not covered.
//
//   node scripts/mutate.mjs directory|profiles|plan|vault|agent [--count 40] [--seed 1] [--file PART] [--tests PART]
//
// The same seed gives the same changes. `--file` takes only the files whose path contains this, and `--tests` runs only these
// tests. The checkout stays as it is: a copy below the system's temporary folder is changed.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseAst } from 'vitest/node';

const promise2 = 'test/security/promise-2-a-repository-cannot-choose-who-you-are';
const promise4 = 'test/security/promise-4-only-you-use-your-agent';
const promise5 = 'test/security/promise-5-nothing-is-lost';

/** For each part, its files and the tests that should notice a change, the fastest first. */
const parts = {
  directory: {
    files: /^src\/directory\//,
    tests: [
      'test/unit/directory-',
      `${promise2}/trust.test.ts`,
      `${promise2}/trusted-dirs.test.ts`,
      `${promise2}/unsafe-directory-file`,
    ],
  },
  profiles: {
    files: /^src\/profiles\//,
    tests: [
      'test/unit/profiles-',
      'test/unit/edit-command',
      'test/unit/explain-',
      `${promise5}/aws-file-edits`,
    ],
  },
  plan: {
    files: /^src\/sessions\/(plan|step-duration|session-id)/,
    tests: [
      'test/unit/sessions-',
      'test/unit/plan-checker',
      'test/unit/explain-',
      'test/unit/cli-explain',
      `${promise2}/trust.test.ts`,
    ],
  },
  vault: {
    files: /^src\/vault\//,
    tests: [
      'test/unit/vault-index',
      'test/unit/vault-backends',
      'test/unit/vault-failures',
      'test/unit/vault-health',
      'test/unit/vault-unix-socket',
      'test/unit/vault-session-bus',
      'test/unit/keys-',
      'test/unit/aws-vault-stores',
      'test/security/promise-1-no-secret-in-the-open/vault-files',
      `${promise5}/vault-damage`,
    ],
  },
  agent: {
    files: /^src\/agent\//,
    tests: [
      'test/unit/agent-',
      'test/unit/state-line',
      'test/unit/shell-wire-format',
      `${promise4}/agent-process`,
      `${promise4}/agent-strangers`,
      `${promise2}/agent-answers-again`,
      `${promise2}/forged-sessions`,
    ],
  },
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    file: { type: 'string', default: '' },
    tests: { type: 'string', multiple: true },
  },
});
const part = parts[positionals[0]];
if (part === undefined) {
  console.error(
    `usage: node scripts/mutate.mjs ${Object.keys(parts).join('|')} [--count N] [--seed N] [--file PART] [--tests PART]`,
  );
  process.exit(2);
}

const swapped = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '-': '+',
};

/** All changes of one file: the place, the new text and the kind. */
function mutationsOf(file, text) {
  const found = [];
  const add = (kind, start, end, to) => found.push({ file, kind, start, end, to });
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      for (const each of node) visit(each);
      return;
    }
    // Types and imports do nothing at run time.
    if (/^(TS(Type|Interface|.*Keyword)|Import)/.test(node.type ?? '')) return;
    if (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') {
      const between = text.slice(node.left.end, node.right.start);
      const at = node.left.end + between.indexOf(node.operator);
      const to = swapped[node.operator];
      if (to !== undefined) add('operator', at, at + node.operator.length, to);
    }
    if (node.type === 'IfStatement') add('never', node.test.start, node.test.end, 'false');
    if (node.type === 'ConditionalExpression') {
      add('condition', node.test.start, node.test.end, `!(${text.slice(node.test.start, node.test.end)})`);
    }
    if (node.type === 'Literal' && typeof node.value === 'boolean') {
      add('boolean', node.start, node.end, String(!node.value));
    }
    if (node.type === 'Literal' && typeof node.value === 'number' && node.value !== 0) {
      add('number', node.start, node.end, String(node.value * 100));
    }
    if (node.type === 'UnaryExpression' && node.operator === '!') {
      add('not', node.start, node.argument.start, '');
    }
    if (node.type === 'ExpressionStatement' && node.expression.type === 'CallExpression') {
      if (node.expression.callee.type !== 'Super') add('no call', node.start, node.end, ';');
    }
    for (const value of Object.values(node)) visit(value);
  };
  visit(parseAst(text, { lang: 'ts' }).body);
  return found;
}

/** Numbers from 0 to 1 that depend only on the seed. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function shuffled(list, random) {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const at = Math.floor(random() * (last + 1));
    [result[last], result[at]] = [result[at], result[last]];
  }
  return result;
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const copy = mkdtempSync(join(tmpdir(), 'awsh-mutate-'));
// Tests of the built program run it without the mutation, because it is not rebuilt.
for (const name of readdirSync(root)) {
  if (name === 'node_modules') symlinkSync(join(root, name), join(copy, name));
  else if (!name.startsWith('.')) cpSync(join(root, name), join(copy, name), { recursive: true });
}

/**
 * The exit status of the tests and their output; null if they took longer than `limitMs`. A change
 * can cause an endless loop, so a timeout kills the whole process group.
 */
function runTests(limitMs) {
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--maxWorkers=1', '--bail=1', ...(values.tests ?? part.tests)];
  const child = spawn(process.execPath, args, {
    cwd: copy,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), limitMs);
  return new Promise((resolve) => {
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, output });
    });
  });
}

try {
  const files = readdirSync(join(copy, 'src'), { recursive: true })
    .map((name) => `src/${name}`)
    .filter((name) => part.files.test(name) && name.endsWith('.ts') && name.includes(values.file))
    .sort();
  const all = files.flatMap((file) => mutationsOf(file, readFileSync(join(copy, file), 'utf8')));
  const chosen = shuffled(all, randomNumbers(Number(values.seed))).slice(0, Number(values.count));
  const began = Date.now();
  const unchanged = await runTests(1_800_000);
  if (unchanged.status !== 0)
    throw new Error(`the tests fail without a mutation:\n${unchanged.output.slice(-3000)}`);
  const limitMs = 60_000 + 5 * (Date.now() - began);
  console.log(`${positionals[0]}: ${chosen.length} of ${all.length} mutations, seed ${values.seed}`);
  let killed = 0;
  for (const { file, kind, start, end, to } of chosen) {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, start) + to + text.slice(end));
    const { status } = await runTests(limitMs);
    const survived = status === 0;
    writeFileSync(path, text);
    if (!survived) killed += 1;
    const line = text.slice(0, start).split('\n').length;
    const was = text.slice(start, end).replace(/\s+/g, ' ').slice(0, 80);
    console.log(
      `${survived ? 'SURVIVED' : status === null ? 'killed (endless)' : 'killed'} ${file}:${line} ${kind}: ${was} -> ${to.slice(0, 60)}`,
    );
  }
  console.log(`${positionals[0]}: ${killed} of ${chosen.length} killed`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
