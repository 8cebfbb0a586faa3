/**
 * sessions: from a profile to credentials: the plan, the code for each of its steps, and the
 * session cache.
 */
export { pinnedRequest, pinOfRole, roleOfPin } from './ad-hoc-pin.ts';
export { type AdHocRole, adHocRequest, roleArnOfShortForm } from './ad-hoc-role.ts';
export { assumedPlan } from './assumed-plan.ts';
export { type CallerIdentity, callerIdentity, verifyAccount } from './caller-identity.ts';
export { agentsFor, type StsConnection } from './connection.ts';
export { type EcrRegistry, ecrPassword, ecrRegistry } from './ecr-token.ts';
export { eksToken } from './eks-token.ts';
export { federationToken } from './federation-token.ts';
export { callIam, type IamCall, type IamCaller, type IamCalls } from './iam-client.ts';
export { type KeySource, keySources } from './key-sources.ts';
export { type LoginKey, loginCachePath, loginCommand, loginState, refreshTokenIn } from './login-cache.ts';
export {
  challengeOf,
  type LoginCode,
  loginAddress,
  loginByCode,
  loginClients,
  mostLoginBytes,
  type NewLogin,
} from './login-token.ts';
export { bundleFault, missingBundle } from './missing-bundle.ts';
export { missingSignIn, neededSignIn, signInFileOfStep } from './missing-sign-in.ts';
export {
  choiceOfPin,
  labelWithoutReason,
  labelWithReason,
  type PinnedChoice,
  pinOfChoice,
  reasonOfLabel,
} from './narrowed-pin.ts';
export * from './narrowing.ts';
export * from './plan.ts';
export { PlanChecker } from './plan-checker.ts';
export { settingFaults } from './plan-faults.ts';
export { accountAndRoleOf, commandsOf, identityOf, targetOf } from './plan-identity.ts';
export { needOf } from './plan-need.ts';
export * from './plan-request.ts';
export * from './plan-steps.ts';
export { ignoredLines, isKnownProfile, requireKnownProfile } from './profile-chain.ts';
export { correctionOf } from './profile-settings.ts';
export { programIdentity } from './program-variables.ts';
export { reasonFault, type SessionReason, shownReason, tellsAwsReason } from './reason.ts';
export { isLoopback } from './service-endpoints.ts';
export * from './session-flights.ts';
export { planId } from './session-id.ts';
export type { SessionRun } from './session-run.ts';
export * from './sessions.ts';
export { type SignInPlan, signInPlanFor } from './sign-in-plan.ts';
export { storedKeys } from './sources/stored-keys.ts';
export {
  forgetAccounts,
  isSlowList,
  type KnownAccounts,
  keepAccounts,
  knownAccounts,
  noteSlowList,
} from './sso/account-cache.ts';
export {
  allSsoSessions,
  findSsoSession,
  type SsoSession,
  type SsoSessions,
  sessionKey,
} from './sso/find-session.ts';
export { type LegacyPortal, legacyProfiles, renewableCommand } from './sso/legacy-sign-in.ts';
export { type ListedAccounts, listAccounts, type SsoAccount } from './sso/list-accounts.ts';
export { askOidc, notAws, OidcError, type TokenReply, tokenReply } from './sso/oidc.ts';
export {
  forgetRegistration,
  isClientOf,
  newSignInText,
  noteAddresses,
  type Registration,
  redirectPath,
  registrationFor,
  reserveSignIn,
  reserveSignInFile,
  type SignInFlow,
} from './sso/registration.ts';
export { keepSignIn, withSignInLock } from './sso/renew.ts';
export { type SealingKey, sealedReply } from './sso/sealed-token.ts';
export { askService, serviceAddress } from './sso/service-request.ts';
export { type SignInFacts, type SignInState, signInState } from './sso/sign-in-state.ts';
export {
  forgetToken,
  obsoleteFile,
  profilesThrough,
  removeCliRoles,
  removeSignIn,
} from './sso/sign-out.ts';
export { isRenewable } from './sso/token.ts';
export { addressesFor } from './sso/token-addresses.ts';
export { readSignIn, type SignIn, sharedSignInPath, signInPath, wordOf } from './sso/token-file.ts';
export { loginKeys, loginSignIns, ssoSignIns } from './sso-sign-ins.ts';
export { federationDuration } from './step-duration.ts';
export { type StsClock, stsClock } from './sts-clock.ts';
export { startUrlVariant } from './sts-target.ts';
export { homeOf, type Surroundings } from './surroundings.ts';
export { longestInBox, stateOfBox, type TimeBox } from './time-box.ts';
export * from './user-plan.ts';
