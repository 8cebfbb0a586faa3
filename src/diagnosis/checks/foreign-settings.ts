import { unloadedEnvironment } from '../../shell/index.ts';
import { printable } from '../../system/index.ts';
import { type Finding, note } from '../finding.ts';
import type { Check } from '../scene.ts';

/** Variables that send calls to other endpoints than the profile's. */
export const foreignSettings: Check = {
  name: 'foreign-settings',
  run({ environment }): Finding[] {
    const own = unloadedEnvironment(environment);
    const findings: Finding[] = [];
    const endpoints = Object.keys(own).filter(
      (name) => /^AWS_ENDPOINT_URL(_[A-Z0-9_]+)?$/.test(name) && own[name],
    );
    if (endpoints.length > 0) {
      const names = endpoints.map(printable).sort().join(' ');
      const why = 'exec, export and programs outside of your directories send their calls there';
      findings.push(note(`${names} in the environment`, why, `unset ${names}`));
    }
    const [region, old] = [own.AWS_REGION, own.AWS_DEFAULT_REGION];
    if (region && old && region !== old) {
      const what = `AWS_REGION=${printable(region)} and AWS_DEFAULT_REGION=${printable(old)} differ`;
      const why = 'botocore and version 1 of the AWS CLI use the second one, all other SDKs the first';
      findings.push(note(what, why, 'unset AWS_DEFAULT_REGION'));
    }
    return findings;
  },
};
