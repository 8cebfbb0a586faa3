import { describe, expect, it } from 'vitest';
import {
  choiceOfPin,
  labelWithoutReason,
  labelWithReason,
  pinOfChoice,
  reasonFault,
  reasonOfLabel,
  shownReason,
} from '../../src/sessions/index.ts';

describe('reasonFault', () => {
  it.each([
    'OPS-1',
    '482913',
    'Störung im Lager: OPS-7',
    'https://jira.example.com/browse/OPS-1234',
    'revert 3f2a9c0d1e4b5a6f7081928374655647382910ab',
    'deploy by user@example.com, then restart'.replace(',', ''),
    '障害対応',
  ])('accepts %s', (text) => {
    expect(reasonFault(text)).toBeNull();
    expect(text).toMatch(shownReason);
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'for ASIAIOSFODNN7EXAMPLE only',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'IQoJb3JpZ2luX2VjEPr0123456789abcdefGHIJKLMN',
    'rerun with password=hunter22',
    'token: abcdef',
    'https://me:hunter22@example.com/x',
    'ghp_0123456789abcdefABCDEF0123456789abcd',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
    '-----BEGIN RSA PRIVATE KEY',
  ])('refuses %s as a key, and keeps it from the terminal', (text) => {
    expect(reasonFault(text)).toMatch(/looks like a key/);
    expect(text).not.toMatch(shownReason);
  });

  it.each([
    ['', /a reason is needed/],
    ['   ', /a reason is needed/],
    ['---', /letters or digits/],
    ['fix #42', /AWS does not accept # in a reason/],
    ['tab\there', /control characters/],
    ['a'.repeat(257), /at most 256 characters, and this has 257/],
  ])('refuses %j', (text, why) => expect(reasonFault(text)).toMatch(why));
});

describe('the pin with a reason', () => {
  it('has the reason last, and is parsed back into all parts', () => {
    const choice = {
      profile: 'two words',
      reason: 'OPS-1 why=x',
      box: { seconds: 900, until: 1_800_000_000 },
      narrowing: { by: 'awsh use', readOnly: true },
    };
    const word = pinOfChoice(choice);
    expect(word).toMatch(/^two words ro 15m@\w{6} why=[\w-]+$/);
    expect(choiceOfPin(word)).toEqual(choice);
    expect(reasonOfLabel(word)).toBe(choice.reason);
    expect(labelWithoutReason(word)).toBe(pinOfChoice({ ...choice, reason: undefined } as never));
    expect(labelWithReason(word, 'OPS-2')).toBe(pinOfChoice({ ...choice, reason: 'OPS-2' }));
  });
});
