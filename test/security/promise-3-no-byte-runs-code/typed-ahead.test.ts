import { expect, test } from 'vitest';
import { bundledScript } from '../../support/bundled-script.ts';
import { temporaryHome } from '../../support/temporary-home.ts';
import { openShell } from '../../support/terminal.ts';

// Security rule 12: text typed or pasted before a question was shown is not an answer to it.

const source = `
  import { terminalPrompter } from './src/prompt/index.ts';
  const [, , method] = process.argv;
  const answer = await terminalPrompter()[method]('Go on');
  console.log('<' + JSON.stringify(method === 'secret' ? answer.reveal() : answer) + '>');
`;

test.each([
  { method: 'confirm', question: 'Go on? [y/N] ', ahead: 'y\r', answer: 'n\r', result: '<false>' },
  { method: 'confirm', question: 'Go on? [y/N] ', ahead: 'y\ry\ry\r', answer: '\r', result: '<false>' },
  { method: 'confirm', question: 'Go on? [y/N] ', ahead: 'y', answer: '\r', result: '<false>' },
  { method: 'confirm', question: 'Go on? [y/N] ', ahead: 'n', answer: 'y\r', result: '<true>' },
  { method: 'text', question: 'Go on: ', ahead: 'prod\rpr', answer: 'dev\r', result: '<"dev">' },
  {
    method: 'text',
    question: 'Go on: ',
    ahead: `${'y'.repeat(3000)}\ry`,
    answer: 'dev\r',
    result: '<"dev">',
  },
  { method: 'code', question: 'Go on: ', ahead: '111111\r22', answer: '333333\r', result: '<"333333">' },
  { method: 'secret', question: 'Go on: ', ahead: 'aaa\rbb', answer: 'ccc\r', result: '<"ccc">' },
])('$ahead typed before a $method is not its answer', async ({ method, question, ahead, answer, result }) => {
  const home = temporaryHome();
  const program = `${process.execPath} ${bundledScript(home, source)}`;
  const shell = await openShell('bash', { home, rc: 'unset HISTFILE' });
  shell.type(`${program} ${method}\r${ahead}`);
  await shell.waitFor(question);
  await shell.settle(150);
  expect(shell.shownSoFar()).toBe('');
  shell.type(answer);
  expect((await shell.waitFor(/<.*>/)).replace(/^[^<]*/s, '')).toBe(result);
});
