import type { Stats } from 'node:fs';
import type { AwsFiles, Section } from '../../profiles/index.ts';
import {
  allSsoSessions,
  type LoginKey,
  loginCachePath,
  loginKeys,
  loginState,
  renewableCommand,
  type SignInState,
  type SsoSession,
  sessionKey,
  signInPath,
  signInState,
} from '../../sessions/index.ts';
import { clockTime } from '../../shell/index.ts';
import { operandWord, printable, printablePath, shellCommand, statIfThere } from '../../system/index.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, someOf, word } from '../shown.ts';

/**
 * Each sign-in to IAM Identity Center or by `aws login`: its file, its expiry, and what prevents
 * its renewal. Makes no call.
 */
export const signIns: Check = {
  name: 'sign-ins',
  run(scene): Finding[] {
    const { files, environment } = scene;
    if (files === null) return [];
    // Unusable sessions are reported with the plans.
    const { usable } = allSsoSessions(files, environment);
    return [
      ...usable.flatMap((session) => {
        const path = signInPath(sessionKey(session), environment);
        const faults = [...fileFaults(path, nameOf(session), scene), ...scopeFaults(session, files)];
        return faults.length > 0 ? faults : stateFindings(session, files, scene);
      }),
      ...sharedStartUrls(usable, files),
      ...loginKeys(files).flatMap((key) => loginFindings(key, scene)),
    ];
  },
};

function fileFaults(path: string, name: string, { paths, platform }: Scene): Finding[] {
  const stat = statIfThere(path);
  if (stat === undefined || platform === 'win32') return [];
  const shown = printablePath(path, paths.home);
  if (!stat.isFile())
    return [problem(`${shown} is not a file`, `the sign-in to ${name} has no other place`, lookAt(path))];
  if (isAnothers(stat))
    return [
      problem(
        `the sign-in to ${name} belongs to another user: ${shown}`,
        'that user can choose who you are',
        lookAt(path),
      ),
    ];
  if ((stat.mode & 0o077) === 0) return [];
  return [
    problem(
      `other users can read the sign-in to ${name}: ${shown}`,
      'anyone with its token can use every role that you can use',
      `chmod 600 ${word(path)}`,
    ),
  ];
}

const isAnothers = ({ uid }: Pick<Stats, 'uid'>) => uid !== process.getuid?.() && uid !== 0;
const lookAt = (path: string) => shellCommand`ls -ld ${path}`;
const nameOf = (session: SsoSession) => printable(sessionKey(session));

/**
 * AWS gives a refresh token only for this scope (AWS CLI User Guide, "sso_registration_scopes").
 */
const renewingScope = 'sso:account:access';

function scopeFaults({ name, scopes }: SsoSession, files: AwsFiles): Finding[] {
  const section = name === null ? undefined : files.ssoSessions.get(name);
  if (section === undefined || scopes.includes(renewingScope)) return [];
  const place = section.properties.get('sso_registration_scopes')?.place ?? section.place;
  return [
    problem(
      `[sso-session ${printable(section.name)}] does not ask for ${renewingScope}`,
      'without this scope, AWS gives no refresh token and no roles: add it to sso_registration_scopes',
      editAt(place),
    ),
  ];
}

function stateFindings(
  session: SsoSession,
  files: AwsFiles,
  { environment, paths, clock }: Scene,
): Finding[] {
  const { name, startUrl, profiles } = session;
  const key = { session: name, startUrl, profile: profiles[0] ?? '' };
  const facts = { surroundings: environment, state: paths.state, now: clock.now() };
  const state = signInState(key, facts);
  const shown = nameOf(session);
  const next = `awsh sso login ${operandWord(name ?? key.profile)}`;
  if (state.state === 'not signed in') return [note(`not signed in to ${shown}`, usersOf(session), next)];
  if (state.state === 'ended')
    return [note(`the sign-in to ${shown} ended${at(state)}`, `it cannot be renewed: ${state.why}`, next)];
  if (!state.renewable) return [notRenewable(session, state, next, files)];
  const until = state.state === 'signed in' ? ` until ${time(state)}` : '';
  return [ok(`signed in to ${shown}${until}; renewed automatically`)];
}

function notRenewable(session: SsoSession, state: SignInState, next: string, files: AwsFiles): Finding {
  const what = `the sign-in to ${nameOf(session)} ends at ${time(state)} and cannot be renewed`;
  if (session.name !== null) return note(what, state.why, next);
  const [profile = ''] = session.profiles;
  return note(
    what,
    `${someOf(session.profiles)} ${session.profiles.length === 1 ? 'has' : 'have'} sso_start_url and no sso_session`,
    renewableCommand({ profile, startUrl: session.startUrl, region: session.region }, files),
  );
}

const usersOf = ({ profiles }: SsoSession) => (profiles.length === 0 ? null : `used by ${someOf(profiles)}`);
const at = ({ until }: SignInState) => (until === null ? '' : ` at ${clockTime(Date.parse(until) / 1000)}`);
const time = ({ until }: SignInState) =>
  until === null ? 'an unknown time' : clockTime(Date.parse(until) / 1000);

/** A sign-in of `aws login`: the AWS CLI and the SDKs write the file with the umask's mode. */
function loginFindings(key: LoginKey, scene: Scene): Finding[] {
  const { environment, paths, clock } = scene;
  const name = `profile ${printable(key.profile)}`;
  const faults = fileFaults(loginCachePath(key, environment), name, scene);
  if (faults.length > 0) return faults;
  const { next } = loginState(key, { surroundings: environment, state: paths.state, now: clock.now() });
  return [
    next === null
      ? ok(`signed in for ${name}; renewed automatically`)
      : note(`not signed in for ${name}`, null, next),
  ];
}

/** Two sessions of one portal are two separate sign-ins, each with its own token. */
function sharedStartUrls(sessions: readonly SsoSession[], files: AwsFiles): Finding[] {
  const byUrl = new Map<string, Section[]>();
  for (const { name, startUrl } of sessions) {
    const section = name === null ? undefined : files.ssoSessions.get(name);
    if (section !== undefined) byUrl.set(startUrl, [...(byUrl.get(startUrl) ?? []), section]);
  }
  return [...byUrl].flatMap(([startUrl, sections]) => {
    const second = sections[1];
    if (second === undefined) return [];
    const place = second.properties.get('sso_start_url')?.place ?? second.place;
    return [
      note(
        `${sections.length} sso-sessions have the start URL ${printable(startUrl)}: ${someOf(sections.map(({ name }) => name))}`,
        'each needs a sign-in of its own; if you do not need different scopes, one is enough',
        editAt(place),
      ),
    ];
  });
}
