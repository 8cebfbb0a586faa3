import { parseShellFacts, unloadedEnvironment } from '../../shell/index.ts';
import { type Finding, note, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, shownPlace } from '../shown.ts';
import { settingOf } from '../start-up-text.ts';

const unsetKeys = 'unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN';

/**
 * Keys in the environment that awsh did not set: programs prefer them to any profile. Does not look
 * at their values.
 */
export const foreignKeys: Check = {
  name: 'foreign-keys',
  run(scene): Finding[] {
    const own = unloadedEnvironment(scene.environment);
    return [...startUpSecret(scene), ...keysOf(own, scene), ...keysAbove(scene)];
  },
};

/** A secret is never saved for child shells, so that only the parent shell can restore it. */
function keysAbove({ environment }: Scene): Finding[] {
  const names = parseShellFacts(environment.AWSH_HOOK)?.above ?? [];
  if (names.length === 0 || environment.AWS_ACCESS_KEY_ID) return [];
  const why = 'awsh saves no secret for a shell that is started while a profile is loaded';
  return [note(`your own ${[...names].sort().join(', ')}: only in the parent shell`, why, 'exit')];
}

function keysOf(own: Readonly<Record<string, string>>, { environment, clock }: Scene): Finding[] {
  const hasId = Boolean(own.AWS_ACCESS_KEY_ID);
  const hasSecret = Boolean(own.AWS_SECRET_ACCESS_KEY);
  // A shell started by `awsh exec` has its keys for that reason.
  if (environment.AWS_VAULT && hasId && hasSecret) return [];
  if (!hasId && !hasSecret) {
    if (!own.AWS_SESSION_TOKEN && !own.AWS_SECURITY_TOKEN) return [];
    const why = 'a program may combine it with keys of another session';
    return [
      note(
        'a session token without keys is set in the environment',
        why,
        'unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN',
      ),
    ];
  }
  if (!hasId || !hasSecret) {
    const which = hasId ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY';
    return [
      problem(
        `half a key is set in the environment: ${which} alone`,
        'programs stop with an error',
        unsetKeys,
      ),
    ];
  }
  const ends = Date.parse(own.AWS_CREDENTIAL_EXPIRATION || own.AWS_SESSION_EXPIRATION || '');
  if (ends <= clock.now()) {
    return [
      problem(
        'keys in the environment, not awsh’s, have expired',
        'programs use them before any profile',
        unsetKeys,
      ),
    ];
  }
  const why = 'programs use them before any profile; a directory replaces them and restores them';
  const isSession =
    own.AWS_SESSION_TOKEN || own.AWS_SECURITY_TOKEN || own.AWS_ACCESS_KEY_ID?.startsWith('ASIA');
  if (isSession) return [note('keys in the environment are not awsh’s', why, unsetKeys)];
  return [
    note(
      'a long-term access key is set in the environment',
      `${why}; store it, then unset it`,
      'awsh add PROFILE --env',
    ),
  ];
}

function startUpSecret({ startUp, paths }: Scene): Finding[] {
  const place = settingOf('AWS_SECRET_ACCESS_KEY', startUp);
  if (place === null) return [];
  const what = `${shownPlace(place, paths)} sets AWS_SECRET_ACCESS_KEY in plain text`;
  return [problem(what, 'every program that you start can read it', editAt(place))];
}
