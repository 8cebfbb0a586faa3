/**
 * loading: answers a shell's request: directory file, trust, plan, session, and the reply for the
 * hook.
 */
export { directoryNarrowing } from './directory-narrowing.ts';
export { type DirectoryPlan, directoryPlan } from './directory-plan.ts';
export { type Inspection, inspectDirectoryFile } from './inspection.ts';
export { answerLoad, withSharing } from './load.ts';
export { requireReasonKept } from './load-reason.ts';
export type { CredentialsRequest, LoadServices, SupervisedAgent } from './load-services.ts';
export { OpenBoxes } from './open-boxes.ts';
export { isProtectedForAgent } from './protection.ts';
export { RecentFailures } from './recent-failures.ts';
export { supervisedNarrowing } from './supervised-wish.ts';
