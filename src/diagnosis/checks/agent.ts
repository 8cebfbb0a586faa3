import { existsSync } from 'node:fs';
import {
  agentIsOlder,
  agentIsWanted,
  askAgent,
  readState,
  runtimeFault,
  stateFile,
} from '../../agent/index.ts';
import { AwshError, checkPrivateDirectory, isLocked, printable } from '../../system/index.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { numberOf, word } from '../shown.ts';

/** Whether the agent is enabled, runs, answers, and has this version. */
export const agent: Check = {
  name: 'agent',
  async run(scene): Promise<Finding[]> {
    const unsafe = unsafeFolder(scene);
    if (unsafe !== null) return [unsafe];
    const off = whyOff(scene);
    if (off !== null)
      return [
        note(
          `the agent is off here, ${off}`,
          'each cd starts Node, and each terminal asks for its own MFA code',
          null,
        ),
      ];
    if (isLocked(scene.paths)) return [];
    const fault = runtimeFault(scene.paths);
    if (fault !== null) return [problem(fault.what, fault.why ?? null, fault.next ?? null)];
    return [await life(scene)];
  },
};

function whyOff({ environment, paths, settings }: Scene): string | null {
  if (environment.AWSH_AGENT === 'off') return 'by AWSH_AGENT=off';
  if (settings?.agent === false) return 'by the setting agent = off';
  return isLocked(paths) || agentIsWanted({ paths, environment }) ? null : 'because CI is set';
}

/** Clients do not trust a state file in such a folder, so an agent there cannot be used. */
function unsafeFolder({ paths: { runtime } }: Scene): Finding | null {
  try {
    if (existsSync(runtime)) checkPrivateDirectory(runtime);
    return null;
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    return problem(error.what, error.why ?? null, `chmod 700 ${word(runtime)}`);
  }
}

async function life({ paths, version, packageFolder }: Scene): Promise<Finding> {
  const state = readState(paths);
  if (state === null) {
    if (!existsSync(stateFile(paths)))
      return ok('the agent is not running: the first command that needs it starts it');
    return note(`the agent's state file is not valid`, 'awsh ignores it', 'awsh agent start');
  }
  const reply = await askAgent(paths, 'status');
  if (reply === null) {
    const why = `its state file names process ${state.pid}, which has ended or hangs`;
    return note('the agent does not answer', why, 'awsh agent start');
  }
  if (reply.lines.some(([name]) => name === 'locked')) {
    const why = 'by lock_after; its mark cannot be written, so that shells keep what they have loaded';
    return note('awsh is locked', why, 'awsh unlock');
  }
  const theirs = printable(reply.text);
  const isOlder = agentIsOlder({ paths, packageFolder }, version);
  const replaced = 'the next command that uses the agent replaces it';
  if (theirs !== version) {
    const what = `the running agent is version ${theirs}, and this awsh is version ${version}`;
    return isOlder
      ? note(what, replaced, 'awsh agent start')
      : note(what, 'another awsh is installed, and its newer agent serves both', 'type -a awsh');
  }
  if (isOlder)
    return note('the agent was started before awsh was installed again', replaced, 'awsh agent start');
  const sessions = reply.lines.filter(([name]) => name === 'session').length;
  return ok(`the agent runs, version ${theirs}, with ${numberOf(sessions, 'session')}`);
}
