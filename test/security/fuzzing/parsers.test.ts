import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAgentReply } from '../../../src/agent/reply.ts';
import { isWhole, parseAgentRequest, readHead } from '../../../src/agent/request.ts';
import { readStateFile } from '../../../src/agent/state-file.ts';
import { parseDirectoryFile } from '../../../src/directory/parse-directory-file.ts';
import { parseAwsFiles, profileNames, resolveProfile } from '../../../src/profiles/index.ts';
import { credentialsFromReply } from '../../../src/sessions/session-reply.ts';
import { parseSettings } from '../../../src/settings/settings.ts';
import { parseRequest } from '../../../src/shell/index.ts';
import { AwshError, printable, Secret } from '../../../src/system/index.ts';
import { decodeMessage, readBoolean, readText } from '../../../src/vault/bus-message.ts';
import { parseIndex } from '../../../src/vault/index-format.ts';
import { decodeAccessKey, decodeSession } from '../../../src/vault/items.ts';
import { fuzz, fuzzTimeout, linesLike, odd } from '../../support/fuzzing.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const token = 'a'.repeat(64);

/** A parser may throw only awsh's own errors, and those must be printable. */
function refuses<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    for (const text of [error.what, error.why ?? '', error.next ?? '']) expect(printable(text)).toBe(text);
    return null;
  }
}

describe('any bytes, read as', { timeout: fuzzTimeout }, () => {
  it('a request to the agent', () =>
    fuzz(
      'agent request',
      linesLike([`${token} load 1`, 'cwd /x', 'env HOME /h', 'place a|b', 'untold X', 'env A=B', 'end', '']),
      (text) => {
        const bytes = Buffer.from(text);
        const head = readHead(bytes);
        isWhole(bytes);
        if (typeof head === 'string') return;
        const request = parseAgentRequest(head.verb, bytes);
        for (const name of Object.keys(request?.environment ?? {})) expect(name).toMatch(/^[A-Za-z_]\w*$/);
        expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      },
    ));

  it('a request of a hook', () =>
    fuzz(
      'hook request',
      linesLike(['- load 1', 'cwd /x', 'pin p', 'env HOME /h', 'renew 1', 'end']),
      (text) => {
        const parsed = parseRequest(text);
        if (parsed !== null) expect(parsed.request.cwd.startsWith('/')).toBe(true);
      },
    ));

  it('a reply of the agent', () =>
    fuzz('agent reply', linesLike([`${token} ok 1 x`, 'set A b', 'end', '']), (text) => {
      const reply = parseAgentReply(new Secret(token), text);
      if (reply !== null) expect(text.startsWith(`${token} `)).toBe(true);
    }));

  it('a directory file', () =>
    fuzz(
      'directory file',
      linesLike(['profile = dev', 'dev', 'region = eu-west-1', 'account = 111122223333', '# x']),
      (text) => {
        const content = refuses(() => parseDirectoryFile(Buffer.from(text), '/d/.awsprofile'));
        if (content?.profile) expect(content.profile).toMatch(/^[ -~]+$/);
      },
    ));

  it('the AWS files', () => {
    const known = [
      '[profile a]',
      '[b]',
      '[default]',
      '[sso-session s]',
      'role_arn = x',
      'source_profile = a',
      '  nested = 1',
      '# c',
    ];
    return fuzz('AWS files', fc.tuple(linesLike(known), linesLike(known)), ([config, credentials]) => {
      const files = refuses(() =>
        parseAwsFiles({ path: '/c', text: config }, { path: '/k', text: credentials }),
      );
      for (const name of files ? profileNames(files) : [])
        refuses(() => resolveProfile(files as never, name));
    });
  });

  it('the settings', () =>
    fuzz(
      'settings',
      linesLike(['backend = file', 'trusted_dirs = /a: p', 'protected = prod', 'agent = off', '# x']),
      (text) => {
        refuses(() => parseSettings(text, '/s', '/home/u'));
      },
    ));

  it('the agent’s state file', async () => {
    const home = temporaryHome();
    const line = `123 4 1.2.3 ${token} ${token}\n`;
    await fuzz('state file', linesLike([line, line.trimEnd()], ''), (text) => {
      const state = readStateFile(home.write('run/awsh/agent', text));
      if (state !== null)
        expect(text).toBe(line.replace(/^.*? \d+ \S+/, `${state.port} ${state.pid} ${state.version}`));
    });
  });

  it('an item or the index of a vault', () => {
    const json = fc.oneof(
      odd,
      fc.json(),
      fc.json().map((text) => `{"type":"session","version":1,"x":${text}}`),
    );
    return fuzz('vault items', json, (text) => {
      for (const decode of [decodeAccessKey, decodeSession]) refuses(() => decode('item', new Secret(text)));
      parseIndex(text);
    });
  });

  it('a message of the session bus', () => {
    const head = fc.tuple(fc.constantFrom(0, 1, 2, 3, 255), fc.uint8Array({ maxLength: 200 }));
    return fuzz('D-Bus', head, ([type, rest]) => {
      const bytes = Buffer.from([0x6c, type, 0, 1, ...rest]);
      try {
        const message = decodeMessage(bytes);
        if (message === null) return;
        readText(message.body);
        readBoolean(message.body);
      } catch (error) {
        // A connection that does not follow the protocol is closed.
        expect(error).toBeInstanceOf(Error);
        expect(String(error)).not.toMatch(/undefined|not a function|Maximum call stack/);
      }
    });
  });

  it('credentials in a reply of STS or Identity Center', () => {
    const value = fc.oneof(
      odd,
      fc.constant(undefined),
      fc.constant(null),
      fc.integer(),
      fc.date(),
      fc.object(),
    );
    const reply = fc.record({
      AccessKeyId: value,
      SecretAccessKey: value,
      SessionToken: value,
      Expiration: fc.oneof(fc.date({ noInvalidDate: false }), fc.constant(undefined)),
    });
    return fuzz('STS', fc.tuple(reply, fc.integer(), fc.option(odd)), ([fields, skew, arn]) => {
      refuses(() => credentialsFromReply(fields as never, skew, arn));
    });
  });
});
