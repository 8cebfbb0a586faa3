import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, printable, RefusedError } from '../system/index.ts';
import type { CallStep } from './plan-steps.ts';
import { CommandFault, type CommandOptions, runCommand } from './run-command.ts';

/**
 * The code that an `mfa_process` prints now. The command finds the device in AWSH_MFA_SERIAL and
 * the profile in AWSH_MFA_PROFILE.
 */
export async function codeFromProcess(
  { profile, mfaSerial, mfaProcess }: CallStep,
  run: Pick<CommandOptions, 'surroundings' | 'use' | 'promptMs'>,
): Promise<string> {
  const environment = { AWSH_MFA_SERIAL: mfaSerial ?? '', AWSH_MFA_PROFILE: profile };
  try {
    const printed = await runCommand(mfaProcess ?? '', { ...run, profile, environment });
    const code = printed.reveal().trim();
    if (/^[0-9]{6}$/.test(code)) return code;
    throw new CommandFault('what it printed is not a code of six digits');
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    throw new RefusedError(
      `the mfa_process of profile ${JSON.stringify(printable(profile))} gives no code`,
      error.why,
      'run that command by hand, or give the code with --mfa-token',
    );
  }
}

/** Codes change every half minute (RFC 6238): waits for the next one. */
export async function untilNextCode(clock: Clock): Promise<void> {
  await sleep(codeMs - (clock.now() % codeMs) + 200);
}

const codeMs = 30_000;
