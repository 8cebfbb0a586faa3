import { bundleFault } from '../../sessions/index.ts';
import { unloadedEnvironment } from '../../shell/index.ts';
import { type Finding, problem } from '../finding.ts';
import type { Check } from '../scene.ts';

/** AWS_CA_BUNDLE as the user has set it. A profile's certificates are checked with the profile. */
export const certificateBundle: Check = {
  name: 'certificate-bundle',
  run({ environment, paths }): Finding[] {
    const fault = bundleFault({}, { HOME: paths.home, ...unloadedEnvironment(environment) });
    if (fault === null) return [];
    const why = `${fault.why ?? ''}; every call to AWS needs it`;
    return [problem(fault.what, why, fault.next ?? null)];
  },
};
