/**
 * agent: the background process that holds sessions in memory: its server, its client, its lifetime
 * and its worker.
 */

export { agentEnvironment, hookSurroundings, quietPinentry } from './agent-environment.ts';
export { AgentFlights } from './agent-flights.ts';
export { AgentLink, keyHolderOf, launcherMs, setAsideIfSilent } from './agent-link.ts';
export { type AgentConnection, askAgent, connectAgent } from './client.ts';
export { type AgentEnd, endAgent } from './end-agent.ts';
export { fetchAwaitedSessions } from './fetch-awaited.ts';
export {
  allAgentPaths,
  ancestors,
  isJobPath,
  jobFolder,
  pathsInJob,
  refusesAgent,
  sweepJobs,
} from './job.ts';
export { leaveLoadGate } from './load-gate.ts';
export { agentIsOlder, replaceOlderAgent } from './replace.ts';
export type { AgentReply } from './reply.ts';
export { requireRuntime, runtimeFault } from './runtime-fault.ts';
export { readAside } from './set-aside.ts';
export { type AgentStart, agentIsWanted, startAgent } from './start.ts';
export { type AgentState, readState, stateFile } from './state-file.ts';
export { sweepLeftovers } from './sweep.ts';
export { UnderWay } from './under-way.ts';
export { isNewer } from './version.ts';
