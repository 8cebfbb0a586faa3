import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { choiceOfPin, pinOfChoice } from '../../src/sessions/index.ts';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';

const durations = ({ sandbox }: AgentSandbox) =>
  sandbox.emulator.calls
    .filter(({ action }) => action === 'AssumeRole')
    .map(({ params }) => Number(params.DurationSeconds));
const now = () => Math.floor(Date.now() / 1000);
const numberIn = (reply: string, word: string) => Number(new RegExp(`^${word}(\\d+)`, 'm').exec(reply)?.[1]);
/** The second number in the first line of a reply. */
const renewOf = (reply: string) => Number(/^(?:\S+ )?ok (\d+) /m.exec(reply)?.[1]);
const pinFor = (profile: string, seconds: number, left = seconds) =>
  pinOfChoice({ profile, box: { seconds, until: now() + left } });
const setProtected = ({ sandbox }: AgentSandbox, entry: string) =>
  writeFileSync(join(sandbox.home, '.config/awsh/config'), `backend = file\nprotected = ${entry}\n`);

describe('use --for', () => {
  it('pins a word that ends at the time, with the session that AWS gives for it', async () => {
    const box = await agentSandbox();
    const { out } = await box.awsh(['_pin', 'dev', '--read-only', '--for', '20m']);
    expect(choiceOfPin(out.trim())).toMatchObject({
      profile: 'dev',
      narrowing: { readOnly: true },
      box: { seconds: 1200 },
    });
    const reply = await box.loadCold(box.sandbox.home, [`pin ${out.trim()}`, 'use 1']);
    const { until } = choiceOfPin(out.trim())?.box ?? { until: 0 };
    expect({ end: numberIn(reply, 'set AWSH_EXPIRES '), renew: renewOf(reply) }).toEqual({
      end: until,
      renew: until,
    });
    expect(durations(box)).toEqual([1200]);
    const warm = await box.loadWarm(box.sandbox.home, [`pin ${out.trim()}`]);
    expect({ end: numberIn(warm ?? '', 'set AWSH_EXPIRES '), renew: renewOf(warm ?? '') }).toEqual({
      end: until,
      renew: until,
    });
  });

  it('asks for 15 minutes at least, and tells how long copies stay valid', async () => {
    const box = await agentSandbox();
    const reply = await box.loadCold(box.sandbox.home, [`pin ${pinFor('dev', 300)}`, 'use 1']);
    expect(durations(box)).toEqual([900]);
    expect(reply).toMatch(
      /^say unloads at \d\d:\d\d; keys that are copied before then are valid until \d\d:\d\d$/m,
    );
  });

  it('ends at its time by the clock, from the agent and from Node, and with a refresh too', async () => {
    const box = await agentSandbox();
    await box.awsh(['export', 'dev']);
    const over = `pin ${pinFor('dev', 900, -1)}`;
    for (const lines of [[over], [over, 'renew 1'], [over, 'refresh 1']]) {
      const reply = await box.loadCold(box.sandbox.home, lines);
      expect(reply).toMatch(/^- error 0 error$/m);
      expect(reply).toMatch(
        /^reason dev is not loaded: its 15m ended at \d\d:\d\d \(to fix it: awsh use dev --for 15m\)$/m,
      );
      expect(reply).not.toContain('AWS_ACCESS_KEY_ID');
    }
    expect(await box.loadWarm(box.sandbox.home, [over])).toMatch(/^error 0 error$/m);
  });
});

describe('exec --for', () => {
  it('tells if the keys end before that time, and a server renews them', async () => {
    const box = await agentSandbox();
    const exec = (...words: string[]) => box.awsh(['exec', 'dev', ...words, '--', 'true']);
    const early =
      /^awsh: the keys end in (59m|1h00m), before the time of --for; awsh exec --server renews them until then\n$/;
    for (const time of ['90m', '13h']) expect((await exec('--for', time)).err).toMatch(early);
    expect(await exec('--for', '1h')).toMatchObject({ status: 0, err: '' });
    expect((await exec('--server', '--for', '13h')).err).not.toContain('the keys end');
    expect((await exec('--for', '5m')).err).toMatch(
      /^awsh: the keys stay valid for 1[45]m: AWS gives no session of 5m here\n$/,
    );
  });
});

describe('a clock that was set back', () => {
  it('ends a pin whose end can no longer be known, but not for a small correction', async () => {
    const box = await agentSandbox();
    const { home } = box.sandbox;
    const back = `pin ${pinFor('dev', 900, 900 + 3600)}`;
    for (const lines of [[back], [back, 'renew 1'], [back, 'use 1']])
      expect(await box.loadCold(home, lines)).toMatch(
        /^reason dev is not loaded: the end of its 15m is unknown, because the clock was set back \(to fix it: awsh use dev --for 15m\)$/m,
      );
    expect(box.sandbox.emulator.calls).toEqual([]);
    const corrected = `pin ${pinFor('dev', 900, 930)}`;
    expect(await box.loadCold(home, [corrected])).toMatch(/^- ok /m);
  });

  it('makes a protected profile with max ask again', async () => {
    const box = await agentSandbox();
    setProtected(box, 'dev max=30m');
    const load = (...lines: string[]) =>
      box.loadCold(box.sandbox.home, ['pin dev', ...lines], { AWSH_AGENT: 'off' });
    await load('use 1');
    writeBoxes(box, now() + 1830);
    expect(await load('renew 1')).toMatch(/^- ok /m);
    writeBoxes(box, now() + 1800 + 3600);
    expect(await load('renew 1')).toMatch(/^reason dev is not loaded: its 30m ended/m);
  });
});

describe('protected with max', () => {
  const allowed = async (box: AgentSandbox) => {
    const { folder } = box.sandbox.projects[0] as { folder: string };
    await box.awsh(['allow', folder]);
    return folder;
  };

  it('is one time for all shells of a pinned profile, and restarts only with use', async () => {
    const box = await agentSandbox();
    setProtected(box, 'dev max=30m');
    const folder = box.sandbox.home;
    const first = await box.loadCold(folder, ['pin dev', 'use 1']);
    const end = numberIn(first, 'set AWSH_EXPIRES ');
    expect(end - now()).toBeGreaterThan(29 * 60);
    expect(durations(box)).toEqual([1800]);
    expect(numberIn(await box.loadCold(folder, ['pin dev', 'use 1']), 'set AWSH_EXPIRES ')).toBe(end);
    expect(numberIn((await box.loadWarm(folder, ['pin dev', 'loaded dev'])) ?? '', 'set AWSH_EXPIRES ')).toBe(
      end,
    );
    writeBoxes(box, now() - 1);
    const over = await box.loadCold(folder, ['pin dev', 'loaded dev', 'renew 1']);
    expect(over).toMatch(/^reason dev is not loaded: its 30m ended/m);
    expect(
      numberIn(await box.loadCold(folder, ['pin dev', 'use 1']), 'set AWSH_EXPIRES '),
    ).toBeGreaterThanOrEqual(end);
  });

  it('asks again for a directory when the time is over, and never by itself', async () => {
    const box = await agentSandbox();
    const folder = await allowed(box);
    setProtected(box, 'dev max=30m');
    const reply = await box.loadCold(folder, ['loaded dev', 'renew 1']);
    expect(reply).toMatch(/^- confirm 0 not confirmed$/m);
    expect(reply).toContain('its time is over');
  });

  it('keeps exec and export short, and the agent does not give more', async () => {
    const box = await agentSandbox();
    await box.awsh(['export', 'dev']);
    setProtected(box, 'dev max=20m');
    for (const words of [
      ['export', 'dev'],
      ['exec', 'dev', '--', 'true'],
      ['export', 'dev', '--for', '15m'],
    ])
      await box.awsh(words);
    expect(durations(box)).toEqual([3600, 1200, 900]);
    appendFileSync(join(box.sandbox.home, '.config/awsh/config'), 'log = off\n');
    const { out } = await box.awsh(['exec', 'dev', '--for', '16m', '--', 'env']);
    expect(out).toMatch(/^AWS_VAULT=dev 16m@\w+$/m);
  });
});

/** As if the boxes had been opened at another time. */
function writeBoxes({ sandbox }: AgentSandbox, until: number): void {
  const folder = join(sandbox.home, '.run/awsh/boxes');
  for (const name of readdirSync(folder))
    writeFileSync(join(folder, name), JSON.stringify({ seconds: 1800, until }));
}
