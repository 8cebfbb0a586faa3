/**
 * emulator: an AWS on loopback that refuses what AWS refuses: wrong signatures, used MFA codes,
 * expired sessions, roles that do not trust the caller. The demo and the tests run against it. Each
 * service is one file.
 */
export { type EmulatedUser, Emulator, startEmulator } from './emulator.ts';
export type { Fault, Misbehaviour } from './faults.ts';
export { AwsError, type Call, type Service } from './service.ts';
export type { AccessKey, NewRole, NewUser, Role, Session, Trust, User } from './state.ts';
export { MfaDevice, newSeed, totp, totpStep } from './totp.ts';
