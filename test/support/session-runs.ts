import type { Emulator } from '../../src/demo/emulator/index.ts';
import type { Prompter } from '../../src/prompt/index.ts';
import { credentialsFor, type Plan, type SessionRun } from '../../src/sessions/index.ts';
import {
  type AwshError,
  type Credentials,
  PersonNeededError,
  Secret,
  systemClock,
} from '../../src/system/index.ts';
import { type MemoryVault, memoryVault } from './memory-vault.ts';
import { type PlanCase, planOf } from './plans.ts';
import { temporaryHome } from './temporary-home.ts';

/**
 * Answers MFA questions with these codes, one after the other, and records questions and messages.
 */
export interface Person extends Prompter {
  readonly asked: string[];
  readonly told: string[];
}

export function person(...answers: (string | (() => string | Promise<string>))[]): Person {
  const asked: string[] = [];
  const told: string[] = [];
  const nobody = async (question: string): Promise<never> => {
    throw new PersonNeededError(`nobody answers: ${question}`);
  };
  return {
    asked,
    told,
    canAsk: answers.length > 0,
    code: async (question) => {
      asked.push(question);
      const answer = answers.shift();
      if (answer === undefined) return nobody(question);
      return typeof answer === 'string' ? answer : answer();
    },
    secret: async () => new Secret(''),
    text: nobody,
    confirm: nobody,
    tell: (line) => {
      told.push(line);
    },
  };
}

export const nobody = (): Person => person();

/** A home: a vault, a folder for locks, and the messages. */
export interface Machine {
  readonly run: SessionRun;
  readonly vault: MemoryVault;
  readonly said: string[];
  /** Gets credentials by the plan of these files; the vault has these stored keys. */
  get(plan: PlanCase, changes?: Partial<SessionRun>): Promise<Credentials>;
  plan(plan: PlanCase): Plan;
}

export function machine(keys: Parameters<typeof memoryVault>[0], prompter: Prompter = nobody()): Machine {
  const said: string[] = [];
  const vault = memoryVault(keys);
  const run: SessionRun = {
    vault,
    prompter,
    clock: systemClock,
    locks: `${temporaryHome().path}/locks`,
    say: (line) => {
      said.push(line);
    },
  };
  const plan = (case_: PlanCase) => planOf({ keys: vault.keys(), ...case_ });
  return {
    run,
    vault,
    said,
    plan,
    get: (case_, changes) => credentialsFor(plan(case_), { ...run, ...changes }),
  };
}

/** A config file whose every profile is at this emulator. */
export function configAt({ url }: Pick<Emulator, 'url'>, ...profiles: string[]): string {
  return [`[default]\nregion = eu-west-1\nendpoint_url = ${url}`, ...profiles].join('\n');
}

/** The whole text of an error that the user sees. */
export function shown(error: AwshError): string {
  return [error.what, error.why, error.next].filter((line) => line !== undefined).join('\n');
}
