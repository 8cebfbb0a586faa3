import { describe, expect, it } from 'vitest';
import { tellOddLines } from '../../src/cli/odd-lines.ts';
import { streamOutput } from '../../src/cli/output.ts';
import { appPaths } from '../../src/system/index.ts';
import { CapturedText, runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const paths = appPaths({ HOME: '/home/me' });
const line = (at: number) => `/home/me/.aws/config:${at}: an indented key, read as a key of its section`;

async function told(oddLines: string[], verb: string): Promise<string[]> {
  const [out, err] = [new CapturedText(), Object.assign(new CapturedText(), { isTTY: true, columns: 60 })];
  const output = streamOutput(out, err, {});
  await tellOddLines({ oddLines, repeatedLines: [] }, { output, paths, verb });
  return err.text.split(/\n(?=awsh: )|\n$/).filter(Boolean);
}

describe('the warning about odd lines', () => {
  it('is the line itself, if there is one, wrapped at the width of the terminal', async () => {
    const [warning = '', ...more] = await told([line(3)], 'list');
    expect(more).toEqual([]);
    const lines = warning.split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toBe(`awsh: ${line(3)}`);
    for (const it of lines) expect(it.length).toBeLessThanOrEqual(60);
  });

  it('is one that names the lines, if there are more', async () => {
    expect(await told([line(3), line(5)], 'list')).toEqual([
      expect.stringMatching(/^awsh: 2 lines .*\s\(~\/\.aws\/config:3,\s+5\):\s+awsh\s+doctor$/s),
    ]);
  });

  it('shows three in full before awsh explain', async () => {
    const lines = await told([line(3), line(5), line(7), line(9)], 'explain');
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatch(/^awsh: 1 more line .*config:9\):\s+awsh\s+doctor$/s);
  });

  it('is one line for every verb, however many lines are odd', async () => {
    const home = temporaryHome();
    home.write('.aws/config', `[profile a]\n  region = x\n[profile b]\n  region = y\n[profile c] z\noops\n`);
    const { err } = await runHere(['list'], { ...home.environment, AWSH_BACKEND: 'file' });
    expect(err).toMatch(/^awsh: 4 lines in your AWS files .*config:2, 4, 5, 6\): awsh doctor\n$/);
  });
});
