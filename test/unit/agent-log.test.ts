import { describe, expect, it } from 'vitest';
import { crashText } from '../../src/agent/agent-log.ts';

describe('a crash in the agent’s log', () => {
  it('is the name, the code and the places, without the message', () => {
    const error = Object.assign(new TypeError('CANARY\n    at CANARY (/CANARY/x.js:1:2)'), { code: 'EPIPE' });
    const text = crashText(error);
    expect(text).toMatch(/^crashed: TypeError EPIPE at agent-log\.test\.ts:\d+:\d+ at /);
    expect(text).not.toContain('CANARY');
    expect(text).not.toContain('x.js');
  });

  it('shows no file and line if the stack may be part of the message', () => {
    const error = new Error('first');
    void error.stack;
    error.message = 'other';
    expect(crashText(error)).toBe('crashed: Error');
    expect(crashText(Object.assign(new Error('x'), { code: 'a secret' }))).not.toContain('secret');
  });
});
