import { findProfile, nearestNames, profileNames } from '../../profiles/index.ts';
import { blockedName, unloadedEnvironment } from '../../shell/index.ts';
import { printable, similarNamesText } from '../../system/index.ts';
import { type Finding, note, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, shownPlace } from '../shown.ts';
import { settingOf } from '../start-up-text.ts';

/**
 * The user's own AWS_PROFILE: it applies wherever awsh has loaded nothing, and overrides what awsh
 * has loaded if it was set later.
 */
export const foreignProfile: Check = {
  name: 'foreign-profile',
  run(scene): Finding[] {
    const { environment } = scene;
    const [, kind] = (environment.AWSH_LOADED ?? '').split(' ');
    const isLoaded = kind === 'dir' || kind === 'pin';
    if (isLoaded && environment.AWS_PROFILE !== undefined) return [overriding(environment.AWS_PROFILE)];
    const own = unloadedEnvironment(environment);
    return (['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'] as const).flatMap((name) => {
      const value = own[name];
      return value === undefined || value === '' ? [] : [named(name, value, scene)];
    });
  },
};

function overriding(profile: string): Finding {
  return problem(
    `AWS_PROFILE=${printable(profile)} was set after awsh had loaded this shell`,
    'the SDK for JavaScript takes it before the keys that are loaded',
    'unset AWS_PROFILE',
  );
}

function named(name: string, value: string, { environment, files, keys, startUp, paths }: Scene): Finding {
  const shown = `${name}=${printable(value.slice(0, 100))}`;
  if (value === blockedName) {
    const why = 'awsh sets it to block a shell, and this shell is no longer blocked';
    const regions = ['AWS_REGION', 'AWS_DEFAULT_REGION'].filter((each) => environment[each] === blockedName);
    const left = [name, 'AWS_EC2_METADATA_DISABLED', ...regions];
    return problem(`${shown} was left behind`, why, `unset ${left.join(' ')}`);
  }
  const place = settingOf(name, startUp);
  const where = place === null ? '' : `, by ${shownPlace(place, paths)}`;
  const next = place === null ? `unset ${name}` : editAt(place);
  const isKnown = keys.some(({ profile }) => profile === value);
  if (files !== null && findProfile(files, value) === null && !isKnown) {
    const near = nearestNames(value, profileNames(files)).map(printable);
    const why = near.length > 0 ? similarNamesText(near) : 'programs stop with an error';
    return problem(`${shown} names a profile that does not exist${where}`, why, next);
  }
  const why = 'programs use that profile wherever awsh has loaded nothing';
  return note(`${shown} is set in the environment${where}`, why, next);
}
