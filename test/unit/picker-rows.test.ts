import { describe, expect, it } from 'vitest';
import { plainLook } from '../../src/cli/index.ts';
import { type PickerRow, pickerChoices } from '../../src/commands/picker-rows.ts';
import { textWidth } from '../../src/system/index.ts';

const rows: PickerRow[] = [
  ['payments-prod-administrator', '111122223333', 'AdministratorAccess', '59m'],
  ['dev', '111122223333', 'developer', ''],
  ['漢字漢字漢字', '', '', '1h00m'],
];

function lines(room: number): string[] {
  return pickerChoices(rows, room, plainLook).map(({ line }) => line);
}

describe('the rows of the picker', () => {
  it('show everything if there is room', () => {
    expect(lines(74)).toEqual([
      'payments-prod-administrator  111122223333  AdministratorAccess  59m',
      'dev                          111122223333  developer',
      '漢字漢字漢字                                                    1h00m',
    ]);
  });

  it.each([60, 50, 34, 24, 14])('have all four columns in %i columns, cut but present', (room) => {
    const [first = ''] = lines(room);
    expect(first.split(/ +/)).toHaveLength(4);
    expect(first.startsWith('paym') || first.startsWith('pay…')).toBe(true);
    for (const line of lines(room)) expect(textWidth(line)).toBeLessThanOrEqual(room);
  });

  it.each([
    [14, ['payments-prod', 'payments-dev', 'payments-test']],
    [14, ['payments-prod-admin', 'payments-dev-admin', 'payments-prod-audit']],
    [10, ['company-eu-prod-1', 'company-eu-prod-2', 'company-us-prod-1', 'company-us-prod-2']],
    [9, ['漢字漢字漢字甲', '漢字漢字漢字乙']],
  ])('can be distinguished in %i columns: %j', (room, names) => {
    const same = names.map((name): PickerRow => [name, '111122223333', 'AdministratorAccess', '59m']);
    const shown = pickerChoices(same, room, plainLook).map(({ line }) => line);
    expect(new Set(shown).size).toBe(names.length);
    for (const line of shown) expect(textWidth(line)).toBeLessThanOrEqual(room);
  });

  it('keep the name longer than the rest', () => {
    expect(lines(44)[0]).toBe('payments-prod-administrator 111… Admi… 59m');
  });

  it('name the profile exactly, and show no control characters', () => {
    const [choice] = pickerChoices([['a\x1b[2Jb', '', '\u202e', '']], 74, plainLook);
    expect(choice?.value).toBe('a\x1b[2Jb');
    expect(choice?.line).not.toMatch(/[\x1b\u202e]/);
  });
});
