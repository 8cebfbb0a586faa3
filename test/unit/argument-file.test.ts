import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

function homeWith(text: string) {
  const home = temporaryHome();
  home.write('args.txt', text);
  home.write('.aws/config', '[profile dev]\nregion = eu-west-1\n[profile @dev]\nregion = x\n');
  return { ...home.environment, AWSH_BACKEND: 'file', AWSH_REPLY_FD: '3' };
}

describe("aws-vault's argument files", () => {
  it.each([
    [
      ['@args.txt'],
      'exec\n# a comment\n\n--duration=1h\nmy profile\n',
      "awsh exec --duration=1h 'my profile'",
    ],
    [['exec', '@args.txt'], '-n\ndev\n--\necho\n$(id)\n', "awsh exec -n dev -- echo '$(id)'"],
    [['--backend=file', '@args.txt'], 'list\r\n', 'awsh --backend=file list'],
    [['@gone.txt'], '', 'awsh --help'],
  ])('%j is refused, with the line that it means', async (words, text, next) => {
    const { status, out, err } = await runHere(words, homeWith(text));
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^awsh: awsh does not read arguments from a file: @/);
    expect(err.trimEnd().split('\n').at(-1)).toBe(`  next: ${next}`);
  });

  it('a profile whose name begins with @ is not read as a file', async () => {
    expect((await runHere(['explain', '@dev'], homeWith(''))).err).not.toContain('arguments from a file');
    expect((await runHere(['explain', '@gone'], homeWith(''))).status).toBe(3);
  });
});
