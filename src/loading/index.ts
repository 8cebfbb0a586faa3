/** loading: what a shell's request becomes: directory file, trust, plan, session, and the reply that the hook takes. */
export { directoryNarrowing } from './directory-narrowing.ts';
export { type DirectoryPlan, directoryPlan } from './directory-plan.ts';
export { type Inspection, inspectDirectoryFile } from './inspection.ts';
export { answerLoad, withSharing } from './load.ts';
export type { CredentialsRequest, LoadServices, SupervisedAgent } from './load-services.ts';
export { OpenBoxes } from './open-boxes.ts';
export { RecentFailures } from './recent-failures.ts';
