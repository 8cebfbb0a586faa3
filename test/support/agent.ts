import * as net from 'node:net';
import { onTestFinished } from 'vitest';
import { AgentAnswers, type AgentPowers } from '../../src/agent/agent-answers.ts';
import { Flights } from '../../src/agent/flights.ts';
import { type KeptSession, keptSession } from '../../src/agent/kept-session.ts';
import { listen } from '../../src/agent/server.ts';
import { SessionMemory } from '../../src/agent/session-memory.ts';
import { type AgentState, newToken, writeState } from '../../src/agent/state-file.ts';
import { systemClocks, type TwoClocks } from '../../src/agent/two-clocks.ts';
import { Secret } from '../../src/system/index.ts';
import type { TemporaryHome } from './temporary-home.ts';

export interface TestAgent extends AgentPowers {
  readonly state: AgentState;
  readonly answers: AgentAnswers;
  readonly notes: string[];
  readonly ended: string[];
  close(): Promise<void>;
}

/** An agent's server in this process, with its state file in the home. It ends with the test. */
export async function testAgent(
  home: TemporaryHome,
  powers: Partial<AgentPowers> & { clocks?: TwoClocks } = {},
): Promise<TestAgent> {
  const clocks = powers.clocks ?? systemClocks;
  const [token, proof] = [newToken(), newToken()];
  const notes: string[] = [];
  const ended: string[] = [];
  const all: AgentPowers = {
    version: '1.2.3',
    started: new Date(1_700_000_000_000),
    proof,
    memory: new SessionMemory(clocks),
    flights: new Flights(clocks),
    load: async () => null,
    credentials: () => null,
    run: async () => null,
    isLocked: () => false,
    isLockedAlone: () => false,
    used: () => {},
    kept: () => {},
    signedIn: () => 0,
    end: (why) => void ended.push(why),
    checkPlace: () => void ended.push('checkPlace'),
    note: (line) => void notes.push(line),
    ...powers,
  };
  const answers = new AgentAnswers(all);
  const server = await listen(token, answers);
  onTestFinished(() => server.close());
  const state: AgentState = { port: server.port, pid: process.pid, version: all.version, token, proof };
  writeState(runtimeOf(home), state);
  return { ...all, state, answers, notes, ended, close: () => server.close() };
}

/** The path of the home's agent state file. */
export function runtimeOf(home: TemporaryHome): { runtime: string } {
  return { runtime: `${home.path}/run/awsh` };
}

export function session(id: string, options: { profile?: string; secondsLeft?: number } = {}): KeptSession {
  const kept = keptSession(id, options.profile ?? 'dev', {
    accessKeyId: `ASIA${id}`,
    secretAccessKey: new Secret(`secret of ${id}`),
    sessionToken: new Secret(`token of ${id}`),
    expiration: new Date(Math.floor(Date.now() / 1000 + (options.secondsLeft ?? 3600)) * 1000),
    accountId: '111122223333',
    arn: `arn:aws:sts::111122223333:assumed-role/dev/${id}`,
  });
  if (kept === null) throw new Error('a test session is always one that is kept');
  return kept;
}

/**
 * The reply to these raw bytes until the other side closes the connection. The bytes are written in
 * the given pieces.
 */
export async function rawAnswer(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  options: { pauseMs?: number; thenEnd?: boolean } = {},
): Promise<string> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  // Bytes that the other side does not read cause a reset.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    if (options.pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.pauseMs));
  }
  if (options.thenEnd) socket.end();
  await closed;
  return answer;
}
