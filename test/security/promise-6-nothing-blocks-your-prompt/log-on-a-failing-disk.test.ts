import { describe, expect, it } from 'vitest';
import { canBreakDisks, type Fault } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';

const state = '"$HOME_PATH/.local/state"';
const log = '"$HOME_PATH/.local/state/awsh/log.jsonl"';

const faults: readonly (Pick<Fault, 'prepare' | 'limit'> & { name: string; why: string; next: string })[] = [
  { name: 'a full disk', prepare: `full ${state}`, why: 'the disk is full', next: 'df -h ' },
  {
    name: 'a read-only log file',
    prepare: `touch ${log}; chown "$RUN_UID" ${log}; mount --bind ${log} ${log}; mount -o remount,ro,bind ${log}`,
    why: 'its file system is read-only',
    next: 'ls -ld ',
  },
  {
    name: 'RLIMIT_FSIZE of 0',
    limit: 'ulimit -f 0',
    why: 'this shell may not write files of that size',
    next: 'ulimit -f unlimited',
  },
];

/** The profile dev is protected, and demo is not. */
const lines = `export AWSH_AGENT=off
awsh export dev; echo "dev $?"; awsh exec dev -- true; echo "exec dev $?"; awsh export demo >/dev/null; echo "demo $?"`;

describe.skipIf(!canBreakDisks)('the log on a failing disk', () => {
  const { run } = faultyHome(canBreakDisks);
  const ran = ({ prepare = '', ...fault }: Partial<Fault>, setting: string) => {
    const settings = `backend = file\\nlog = ${setting}\\nprotected = dev\\n`;
    const configure = `printf '${settings}' >"$HOME_PATH/.config/awsh/config"`;
    return run(lines, { ...fault, prepare: `${configure}\n${prepare}` });
  };

  it.each(faults)('$name: with log = on, everything is given', { timeout: 120_000 }, async (fault) => {
    const { out, err } = await ran(fault, 'on');
    expect(out).toMatch(/^AWS_ACCESS_KEY_ID=ASIA/);
    expect(out).toMatch(/\ndev 0\nexec dev 0\ndemo 0\n$/);
    expect(err).not.toContain('the log');
  });

  it.each(faults)(
    '$name: with log = required, a protected profile is refused, and no other',
    { timeout: 120_000 },
    async (fault) => {
      const { out, err } = await ran(fault, 'required');
      expect(out).toBe('dev 1\nexec dev 1\ndemo 0\n');
      const refusals = err.split('\n').filter((line) => line.startsWith('awsh: no credentials'));
      const what = 'awsh: no credentials for profile "dev", because the log cannot be written';
      expect(refusals).toEqual([what, what]);
      expect(err).toContain(`log.jsonl is not usable: ${fault.why}\n  next: ${fault.next}`);
    },
  );
});
