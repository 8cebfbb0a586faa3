import { describe, expect, it } from 'vitest';
import { parseAwsFiles, type Reading } from '../../src/profiles/index.ts';

function warningsOf(config: string, credentials = '', reading: Reading = 'lenient') {
  const files = parseAwsFiles(
    { path: 'config', text: config },
    { path: 'credentials', text: credentials },
    reading,
  );
  return { files, warnings: files.warnings };
}

const role = (name: string) => `role_arn = arn:aws:iam::111122223333:role/${name}`;

describe('repeated parts of an AWS file', () => {
  it.each<[what: string, config: string, warning: string]>([
    [
      'a key',
      `[profile a]\n${role('One')}\nx = 1\n${role('Two')}`,
      'config:4: role_arn is in [profile a] more than once: the value on this line is used (the other: line 2)',
    ],
    [
      'a key, in two cases and three times',
      '[default]\nRegion = a\nregion = b\nREGION = c',
      'config:4: region is in [default] more than once: the value on this line is used (the other: line 2, 3)',
    ],
    [
      'a line that may be a secret',
      `[profile a]\n${'S3cr3t'.repeat(7)} = 1\n${'S3cr3t'.repeat(7)} = 2`,
      'config:3: a key is in [profile a] more than once: the value on this line is used (the other: line 2)',
    ],
    [
      'a section',
      `[profile a]\n${role('One')}\n[profile b]\nx = 1\n[profile "a"]\n${role('Two')}`,
      'config:5: [profile "a"] occurs more than once (first on line 1): awsh reads the keys of all of them, and uses the last value of a repeated key',
    ],
    [
      'a byte order mark at its beginning',
      '\ufeff[profile a]\nx = 1',
      'config:1: a byte order mark is left out',
    ],
    [
      'line ends of another system',
      '[profile a]\r\nx = 1\ry = 2\rz = 3',
      'config:2: a carriage return without a line feed is read as the end of the line',
    ],
  ])('give one warning, with the line that is used: %s', (_, config, warning) => {
    expect(warningsOf(config).warnings).toEqual([warning]);
    expect(warningsOf(config, '', 'strict').warnings).toEqual([warning]);
  });

  it('are used as the warning tells', () => {
    const { files } = warningsOf(`[profile a]\n${role('One')}\n${role('Two')}\n[profile a]\nx = 1`);
    expect(files.profiles.get('a')?.properties.get('role_arn')).toMatchObject({ place: { line: 3 } });
  });

  it('are none across the two files, or below another property', () => {
    const nested = '[services s]\ns3 =\n  endpoint_url = x\nsqs =\n  endpoint_url = y';
    expect(warningsOf(`[profile a]\nregion = x\n${nested}`, '[a]\nregion = y').warnings).toEqual([]);
  });
});
