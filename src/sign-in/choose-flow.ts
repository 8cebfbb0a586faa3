import { existsSync, readFileSync } from 'node:fs';
import type { SignInFlow, SsoSession } from '../sessions/index.ts';
import { type Environment, UsageError } from '../system/index.ts';

/** A flow, and why it was chosen: `because …`; empty if the user asked for it. */
export interface ChosenFlow {
  readonly flow: SignInFlow;
  readonly why: string;
}

/**
 * The flow that the options, the session or the settings ask for, or else the suitable one: the
 * browser (PKCE) if one can be opened on this machine and can return to it, else a code. A profile
 * without a session has no scopes, and the AWS CLI uses a code for it, too. Throws UsageError if
 * both are asked for.
 */
export function chooseFlow(
  session: Pick<SsoSession, 'name'> & Partial<Pick<SsoSession, 'prefersCode'>>,
  asked: { deviceCode: boolean; browserFlow: boolean; preferred?: SignInFlow | null },
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): ChosenFlow {
  if (asked.deviceCode && asked.browserFlow) {
    throw new UsageError(
      '--device-code and --browser-flow cannot be used together',
      'each names another way to sign in',
    );
  }
  if (asked.deviceCode) return { flow: 'code', why: '' };
  if (asked.browserFlow) return { flow: 'browser', why: '' };
  if (session.prefersCode) return { flow: 'code', why: 'because of sso_use_device_code in the config file' };
  if (asked.preferred) return { flow: asked.preferred, why: 'because of the setting sign_in_flow' };
  const why = whyNoBrowser(session, environment, platform);
  return why === null ? { flow: 'browser', why: '' } : { flow: 'code', why };
}

function whyNoBrowser(
  { name }: Pick<SsoSession, 'name'>,
  environment: Environment,
  platform: NodeJS.Platform,
): string | null {
  const isSet = (...names: string[]) => names.some((variable) => environment[variable]);
  if (name === null) return 'because the profile has no sso_session';
  if (isSet('SSH_CONNECTION', 'SSH_TTY', 'SSH_CLIENT')) return 'because this is an SSH session';
  if (isSet('REMOTE_CONTAINERS', 'CODESPACES', 'CLOUD_SHELL') || isContainer())
    return 'because this is a container';
  if (isSet('WSL_DISTRO_NAME') || isWsl()) return 'because this is WSL';
  if (platform === 'linux' && !isSet('DISPLAY', 'WAYLAND_DISPLAY', 'BROWSER'))
    return 'because this session has no desktop';
  return null;
}

function isContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}

function isWsl(): boolean {
  try {
    return /microsoft/i.test(readFileSync('/proc/sys/kernel/osrelease', 'utf8'));
  } catch {
    return false;
  }
}
