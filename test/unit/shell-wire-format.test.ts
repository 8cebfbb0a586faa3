import { describe, expect, it } from 'vitest';
import {
  decodeValue,
  encodeValue,
  formatReply,
  type LoadRequest,
  loadedChange,
  parseRequest,
  stateRecord,
  unloadedEnvironment,
} from '../../src/shell/index.ts';
import { Secret } from '../../src/system/index.ts';

const credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: new Secret('wJalr/secret+'),
  sessionToken: new Secret('token=='),
  expiration: new Date('2026-01-02T03:04:05.678Z'),
  accountId: '111122223333',
  arn: null,
};
const identity = { profile: 'dev', region: 'eu-west-1', endpointUrl: null, variables: {} };

describe('values on the wire', () => {
  it.each(['', 'plain', '100%', '%0A', '%250A', 'two\nlines\r\n', 'ü €', '$(touch pwned)`x`', ' spaced '])(
    'come back as they were: %j',
    (value) => {
      const line = encodeValue(value);
      expect(line).not.toMatch(/[\n\r]/);
      expect(decodeValue(line)).toBe(value);
    },
  );

  it.each(['\0', '\x1b[31m', '\t', '\x7f'])('are refused with the control character %j', (value) => {
    expect(() => encodeValue(value)).toThrow('control character');
  });
});

describe('a reply', () => {
  it('is a head, the variables, lines for the user and an end', () => {
    const change = loadedChange(credentials, identity, 'AWSUME_PROFILE');
    const text = formatReply('-', {
      status: 'ok',
      renew: 1767322745.9,
      label: 'dev',
      change,
      say: ['100% sure'],
      record: null,
    });
    const lines = text.split('\n');
    expect(lines[0]).toBe('- ok 1767322745 dev');
    expect(lines).toContain('set AWS_SECRET_ACCESS_KEY wJalr/secret+');
    expect(lines).toContain('set AWS_CREDENTIAL_EXPIRATION 2026-01-02T03:04:05Z');
    expect(lines).toContain('set AWSH_EXPIRES 1767323045');
    expect(lines).toContain('set AWSUME_PROFILE dev');
    expect(text).not.toContain('unset ');
    expect(lines).toContain('say 100%25 sure');
    expect(lines.slice(-2)).toEqual(['end', '']);
  });
});

describe('a reply without credentials', () => {
  it('has the state, the reason and the next command', () => {
    const record = stateRecord('not allowed', { request: 'a 100%\nb' });
    const text = formatReply('-', { status: 'deny', renew: 0, label: 'x', change: null, say: [], record });
    expect(text.split('\n').slice(1)).toEqual([
      'state not allowed',
      'reason a 100%25%0Ab; you have not allowed it yet',
      'next awsh allow',
      'end',
      '',
    ]);
  });
});

describe('a request', () => {
  const whole: LoadRequest = {
    cwd: '/tmp/with\nnewline',
    pin: 'my profile',
    loaded: 'dev',
    refresh: true,
    renew: false,
    quiet: true,
    terminal: '/dev/pts/3',
    environment: { HOME: '/home/x', AWS_CONFIG_FILE: '' },
  };
  const text =
    'tok load 1\ncwd /tmp/with%0Anewline\npin my profile\nloaded dev\nrefresh 1\nquiet 1\ntty /dev/pts/3\nenv HOME /home/x\nenv AWS_CONFIG_FILE \nend\n';

  it('is parsed with all its lines', () => {
    expect(parseRequest(text)).toEqual({ token: 'tok', request: whole });
  });

  it.each([
    ['cut short', text.replace('end\n', '')],
    ['of another version', text.replace('load 1', 'load 2')],
    ['with a relative folder', text.replace('cwd /tmp', 'cwd tmp')],
    ['with a line of another form', text.replace('refresh 1', 'REFRESH')],
    ['with a bad variable name', text.replace('env HOME', 'env HO-ME')],
    ['empty', ''],
  ])('is refused when %s', (_, broken) => {
    expect(parseRequest(broken)).toBeNull();
  });
});

describe('the environment without what awsh loaded', () => {
  const loaded = {
    PATH: '/bin',
    AWSH_LOADED: '1 dir 1000 dev /x/.awsprofile',
    AWSH_SAVED:
      'key dev\nwas AWS_REGION us-%25east\nwas AWS_PROFILE mine\nnow AWS_REGION eu-west-1\nnow AWS_ACCESS_KEY_ID ASIA1\nnow AWSH_PROFILE dev',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'ASIA1',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_SESSION_TOKEN: 't',
    AWSH_PROFILE: 'dev',
  };

  it('has the originals restored and the secrets removed', () => {
    expect(unloadedEnvironment(loaded)).toEqual({
      PATH: '/bin',
      AWS_REGION: 'us-%east',
      AWS_PROFILE: 'mine',
    });
  });

  it('keeps what was set since', () => {
    const changed = { ...loaded, AWS_REGION: 'ap-south-1', AWS_ACCESS_KEY_ID: 'AKIAOTHER' };
    expect(unloadedEnvironment(changed)).toMatchObject({
      AWS_REGION: 'ap-south-1',
      AWS_ACCESS_KEY_ID: 'AKIAOTHER',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_SESSION_TOKEN: 't',
    });
  });

  it('leaves a region unset that the user has unset since', () => {
    const { AWS_REGION: _, ...changed } = loaded as Record<string, string>;
    const unloaded = unloadedEnvironment(changed);
    expect(unloaded).not.toHaveProperty('AWS_REGION');
    expect(unloaded).toMatchObject({ AWS_PROFILE: 'mine' });
  });

  it('restores no name that awsh does not manage', () => {
    const hostile = { AWSH_SAVED: 'was PATH /evil\nwas LD_PRELOAD x\nwas AWS_SECRET_ACCESS_KEY x\nrubbish' };
    expect(unloadedEnvironment(hostile)).toEqual({});
  });

  it('is the environment itself if nothing is loaded', () => {
    expect(unloadedEnvironment({ A: '1', AWS_PROFILE: 'x', B: undefined })).toEqual({
      A: '1',
      AWS_PROFILE: 'x',
    });
  });
});
