import { describe, expect, it } from 'vitest';
import { LineEditor } from '../../src/prompt/line-editor.ts';

/** Feeds the pieces one after the other, up to the end of the line. */
function edit(...pieces: string[]) {
  const editor = new LineEditor();
  let taken = editor.take('');
  for (const piece of pieces) {
    taken = editor.take(piece);
    if (taken.end !== null) break;
  }
  return { line: editor.line, hasOtherKeys: editor.hasOtherKeys, ...taken };
}

describe('the line editor', () => {
  it.each([
    ['CR', ['dev\r'], 'dev', ''],
    ['LF', ['dev\nrest'], 'dev', 'rest'],
    ['CR and LF', ['dev\r\nrest'], 'dev', 'rest'],
    ['Backspace', ['dex\x7fv\r'], 'dev', ''],
    ['Backspace at the start', ['\x7f\x7fdev\r'], 'dev', ''],
    ['Backspace over a letter of several bytes', ['dév\u{1f600}\x7f\r'], 'dév', ''],
    ['^U', ['wrong\x15dev\r'], 'dev', ''],
    ['^W', ['one two  \x17dev\r'], 'one dev', ''],
    ['a bracketed paste', ['\x1b[200~dev\r\x1b[201~'], 'dev', '\x1b[201~'],
    ['a bracket in two pieces', ['\x1b[20', '0~dev\r'], 'dev', ''],
    ['^D behind text', ['de\x04v\r'], 'dev', ''],
  ])('accepts %s', (_, pieces, line, rest) => {
    expect(edit(...pieces)).toEqual({ line, rest, hasOtherKeys: false, end: 'entered' });
  });

  it.each([
    ['^C', 'de\x03v\r', 'cancelled'],
    ['^\\', '\x1c', 'cancelled'],
    ['^D on an empty line', '\x04', 'cancelled'],
    ['^Z', 'de\x1a', 'suspended'],
  ])('ends with %s', (_, text, end) => {
    expect(edit(text).end).toBe(end);
  });

  it.each(['\x1b[Adev\r', '\x1bOPdev\r', 'd\tev\r', 'd\x1bev\r', 'd\x00ev\r', 'de\ufffdv\r'])(
    'says that %j has other keys in it',
    (text) => {
      expect(edit(text)).toMatchObject({ hasOtherKeys: true, end: 'entered' });
    },
  );

  it('drops other keys with the line', () => {
    expect(edit('\x1b[A\x15dev\r')).toMatchObject({ line: 'dev', hasOtherKeys: false });
  });

  it('does not grow without limit', () => {
    expect(edit('x'.repeat(100_000), '\r').line.length).toBeLessThanOrEqual(16_384);
  });
});
