import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signedInHome, startUrl } from '../support/sso-home.ts';

const stays = (names: string, word = names) =>
  `awsh: you stay signed in to ${names}; to sign out: awsh sso logout ${word}\n`;

describe('a shared sign-in to IAM Identity Center', () => {
  it('stays after clear, which removes its sessions and tells how to end it', async () => {
    const { awsh, portal, isThere } = await signedInHome(['corp', startUrl]);
    await awsh('export', 'corp');
    await awsh('export', 'corp');
    expect(portal.received).toHaveLength(1);
    expect(await awsh('clear', 'corp')).toEqual({
      status: 0,
      out: 'Cleared 1 session.\n',
      err: stays('corp'),
    });
    expect((await awsh('clear', 'old')).err).toBe(stays(startUrl));
    expect((await awsh('clear')).err).toBe(stays(`corp, ${startUrl}`, '--all'));
    expect(isThere('corp') && isThere(startUrl)).toBe(true);
    await awsh('export', 'corp');
    expect(portal.received).toHaveLength(2);
  });

  it('stays after lock, which removes its sessions, reports it, and does not use it until unlock', async () => {
    const { awsh, portal, isThere } = await signedInHome(['corp']);
    await awsh('export', 'corp');
    const { status, err } = await awsh('lock');
    expect({ status, err }).toEqual({ status: 0, err: expect.stringContaining('1 stored session removed') });
    expect(err).toContain(stays('corp'));
    expect(await awsh('export', 'corp')).toMatchObject({ status: 5, out: '' });
    expect(await awsh('exec', 'corp', '--', 'env')).toMatchObject({ status: 5, out: '' });
    expect(portal.received).toHaveLength(1);
    expect(isThere('corp')).toBe(true);
  });

  it('is named although another profile cannot be read', async () => {
    const { awsh, environment } = await signedInHome(['corp']);
    const config = join(environment.HOME ?? '', '.aws/config');
    writeFileSync(config, `[profile odd]\ninclude_profile = odd\n${readFileSync(config, 'utf8')}`);
    expect((await awsh('clear')).err).toContain(stays('corp'));
  });

  it('that does not exist is not mentioned', async () => {
    const { awsh } = await signedInHome([]);
    expect(await awsh('clear')).toEqual({ status: 0, out: 'Cleared 0 sessions.\n', err: '' });
    expect((await awsh('lock')).err).not.toContain('signed in');
  });
});
