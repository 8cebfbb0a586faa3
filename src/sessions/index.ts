/** sessions: from a profile to credentials: the plan, what carries out its steps, and the sessions kept between runs. */
export { type CallerIdentity, callerIdentity, verifyAccount } from './caller-identity.ts';
export { agentsFor, type StsConnection } from './connection.ts';
export { federationToken } from './federation-token.ts';
export { callIam, type IamCall, type IamCaller, type IamCalls } from './iam-client.ts';
export * from './plan.ts';
export { commandsOf, identityOf } from './plan-identity.ts';
export { needOf } from './plan-need.ts';
export * from './plan-request.ts';
export * from './plan-steps.ts';
export * from './session-flights.ts';
export type { SessionRun } from './session-run.ts';
export * from './sessions.ts';
export { type SignInPlan, signInPlanFor } from './sign-in-plan.ts';
export { ssoSignIns } from './sso-sign-ins.ts';
export { federationDuration } from './step-duration.ts';
export { type StsClock, stsClock } from './sts-clock.ts';
export { homeOf, type Surroundings } from './surroundings.ts';
export * from './user-plan.ts';
