import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { addProfile, editAwsFile, editableConfig, setKey } from '../../src/profiles/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { has } from '../support/programs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

describe.skipIf(!has('aws'))('the AWS CLI', () => {
  it.each(['dev', 'my profile', 'a.b', 'team/dev@eu:1+x%', 'default'])(
    'reads what was written for the profile %j',
    async (name) => {
      const home = temporaryHome();
      home.write('.aws/config', '# mine\r\n[profile other]\r\nregion = us-east-1');
      const config = editableConfig(appPaths(home.environment));
      await addProfile(config, name, { region: 'eu-west-1' });
      await editAwsFile(config, (text) => setKey(text, { kind: 'profile', name }, 'region', 'eu-north-1'));
      await editAwsFile(config, (text) =>
        setKey(text, { kind: 'profile', name }, 'sso_start_url', 'https://x/start#/'),
      );
      const get = (key: string, profile: string) =>
        execFileSync('aws', ['configure', 'get', key, '--profile', profile], {
          env: home.environment,
          encoding: 'utf8',
        });
      expect(get('region', name)).toBe('eu-north-1\n');
      expect(get('sso_start_url', name)).toBe('https://x/start#/\n');
      expect(get('region', 'other')).toBe('us-east-1\n');
    },
  );
});
