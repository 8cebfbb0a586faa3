import { describe, expect, it } from 'vitest';
import { alikeFindings } from '../../src/commands/alike-findings.ts';
import { type Finding, note, problem } from '../../src/diagnosis/finding.ts';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const file = '~/.aws/config';
const ignored = (line: number, name: string, path = file) =>
  problem(
    `${path}:${line}: [${name}] is ignored`,
    `in this file it is written [profile ${name}]`,
    `vi +${line} ${path}`,
  );
const gone = (line: number, source: string, profile: string) =>
  problem(
    `${file}:${line}: there is no profile "${source}" (source_profile of "${profile}")`,
    `no similar profile names; it stops ${profile}`,
    null,
  );
const also = (...findings: Finding[]) => alikeFindings(findings).map((group) => group.also);

describe('findings of doctor at many lines', () => {
  it('are one block if they are alike, in the place of the first, with each line and name', () => {
    const other = problem(`${file}:4: a secret in plain text`, null, null);
    const groups = alikeFindings([ignored(1, 'dev'), other, ignored(7, 'ops'), ignored(9, 'web')]);
    expect(groups).toEqual([
      { first: ignored(1, 'dev'), also: ['7 [ops]', '9 [web]'] },
      { first: other, also: [] },
    ]);
  });

  it('name what differs, also in the reason', () => {
    expect(also(gone(3, 'x', 'dev'), gone(6, 'y', 'ops'), gone(9, 'x', 'web'))).toEqual([
      ['6 "y" "ops"', '9 "x" "web"'],
    ]);
    const slip = (line: number) =>
      note(`${file}:${line}: no SDK or tool reads regoin`, 'it looks like region', null);
    expect(also(slip(2), slip(4), slip(6))).toEqual([['4', '6']]);
  });

  it('are alike whatever profiles they stop, and however long the values are', () => {
    const value = (line: number, why: string) =>
      problem(`${file}:${line}: role_session_name is not one that AWS takes: "x${line}"`, why, null);
    const stopping = (line: number, names: string) =>
      value(line, `variables are not replaced in an AWS config file; it stops ${names}`);
    expect(also(stopping(1, 'a'), stopping(2, 'b, c and 7 more'), stopping(3, 'd'))).toEqual([
      ['2 "x2"', '3 "x3"'],
    ]);
    const long = (line: number, length: number) =>
      value(line, `AWS takes 64, and it has ${length}; it stops a`);
    expect(also(long(1, 65), long(2, 70), long(3, 99))).toHaveLength(1);
  });

  it('name another file once', () => {
    const findings = [ignored(1, 'a'), ignored(2, 'b', '/c'), ignored(3, 'd', '/c')];
    expect(also(...findings)).toEqual([['/c:2 [b]', '3 [d]']]);
  });

  it('are separate if they are two, differ in level or reason, or name no line', () => {
    expect(also(ignored(1, 'a'), ignored(2, 'b'))).toEqual([[], []]);
    const said = (why: string) => note(`${file}:1: a slip`, why, null);
    expect(also(said('one'), said('two'), said('three'))).toHaveLength(3);
    const [a, b, c] = ['A', 'B', 'C'].map((name) => problem(`key ${name} is old`, null, null));
    expect(alikeFindings([a, b, c].flatMap((it) => it ?? []))).toHaveLength(3);
  });

  it('are printed once by awsh doctor, and one by one in its JSON', async () => {
    const home = temporaryHome();
    home.write('.aws/config', '[one]\nx = 1\n[two]\nx = 1\n[three]\nx = 1\n');
    const { out } = await runHere(['doctor', '--offline'], home.environment);
    expect(out).toContain('    also: the same at 2 more lines: 3 [two], 5 [three]\n');
    expect(out.match(/is ignored/g)).toHaveLength(1);
    expect(out).toMatch(/\b[3-9]\d* problems/);
    const { out: json } = await runHere(['doctor', '--offline', '--json'], home.environment);
    expect(json.match(/is ignored/g)).toHaveLength(3);
  });
});
