import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment, printable, RefusedError, UsageError } from '../system/index.ts';
import {
  missingProgram,
  type PromptSurroundings,
  promptProgram,
  runPromptProgram,
} from './prompt-program.ts';
import type { Prompter } from './prompter.ts';

/** A program that gives MFA codes without the user. */
export interface CodeDevice {
  readonly name: 'ykman' | 'pass';
  /** The arguments that make it print only this credential's code. */
  readonly args: (serial: string, environment: Environment) => string[];
}

/**
 * In milliseconds. A code changes every 30 seconds (RFC 6238, section 4.1, the default that AWS
 * uses).
 */
const windowMs = 30_000;

/**
 * aws-vault's own variables and command lines (its prompt/ykman.go); AWSH_… overrides AWS_VAULT_….
 */
const ykman: CodeDevice = {
  name: 'ykman',
  args(serial, environment) {
    const { AWSH_YKMAN_VERSION, AWS_VAULT_YKMAN_VERSION, YKMAN_OATH_DEVICE_SERIAL: device } = environment;
    const old = /^[123]$/.test(AWSH_YKMAN_VERSION || AWS_VAULT_YKMAN_VERSION || '');
    const name = credentialName('YKMAN_OATH_CREDENTIAL_NAME', serial, environment);
    if (device && !/^[0-9]{1,12}$/.test(device)) {
      throw new UsageError(
        'YKMAN_OATH_DEVICE_SERIAL is not the number of a YubiKey',
        'ykman list shows it: up to twelve digits',
        'unset YKMAN_OATH_DEVICE_SERIAL',
      );
    }
    const chosen = device ? ['--device', device] : [];
    return [...chosen, 'oath', ...(old ? [] : ['accounts']), 'code', '--single', name];
  },
};

/** pass-otp (its manual page), and aws-vault's prompt/pass.go. */
const passOtp: CodeDevice = {
  name: 'pass',
  args: (serial, environment) => ['otp', credentialName('PASS_OATH_CREDENTIAL_NAME', serial, environment)],
};

export const codeDevices = { ykman, 'pass-otp': passOtp } as const;

function credentialName(variable: string, serial: string, environment: Environment): string {
  const name = environment[variable] || serial;
  if (name !== '' && !name.startsWith('-') && printable(name) === name) return name;
  throw new UsageError(
    'no credential is named that could make a code',
    `${variable} is not set to a plain name, and neither is mfa_serial`,
  );
}

export interface CodeDeviceOptions extends PromptSurroundings {
  readonly sleep?: (ms: number) => Promise<unknown>;
  readonly now?: () => number;
}

/** Takes codes from the device; all other questions go to `people`. */
export function codeDevicePrompter(
  device: CodeDevice,
  people: Prompter,
  options: CodeDeviceOptions,
): Prompter {
  const given = new Set<string>();
  const read = async (serial: string) => {
    const { environment } = options;
    const end = await runPromptProgram(device.name, device.args(serial, environment), options, 'shared');
    const code = end.stdout.trim();
    if (end.status === 0 && /^[0-9]{6}$/.test(code)) return code;
    throw new RefusedError(
      `${device.name} gave no MFA code`,
      end.status === 0 ? 'it printed something other than six digits' : `it ended with status ${end.status}`,
      'add --prompt terminal',
    );
  };
  return {
    get canAsk() {
      return people.canAsk;
    },
    get canGiveCode() {
      return promptProgram(device.name, options.environment) !== null;
    },
    get brokenProgram() {
      return this.canGiveCode ? people.brokenProgram : device.name;
    },
    get obstacle() {
      return this.canGiveCode ? people.obstacle : missingProgram(device.name).what;
    },
    async code(_question, serial = '') {
      let code = await read(serial);
      if (given.has(code)) {
        // AWS accepts each code once, and the device shows the same one until its period ends.
        const wait = windowMs - ((options.now ?? Date.now)() % windowMs);
        await (options.sleep ?? sleep)(wait);
        code = await read(serial);
      }
      given.add(code);
      return code;
    },
    secret: (question, form) => people.secret(question, form),
    text: (question, initial, form) => people.text(question, initial, form),
    confirm: (question, initial) => people.confirm(question, initial),
    tell: (line) => people.canAsk && people.tell(line),
  };
}
