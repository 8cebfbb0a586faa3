import { randomBytes } from 'node:crypto';
import type { Clock } from '../../system/index.ts';
import { Logins } from './logins.ts';
import { Organisation } from './organisation.ts';
import { SignIns } from './sign-ins.ts';
import { MfaDevice, newSeed } from './totp.ts';

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly createdAt: Date;
  /** Until then the key is not known everywhere, and is refused. */
  readonly settledAt: Date | null;
  status: 'Active' | 'Inactive';
  lastUsed: { date: Date; service: string; region: string } | null;
}

export interface User {
  readonly account: string;
  readonly name: string;
  /** AIDA… */
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly mfa: MfaDevice | null;
  readonly keys: AccessKey[];
}

/** Who may assume a role. */
export interface Trust {
  /** ARNs of users, roles or `…:root`, account numbers, or `*` for everyone in this cloud. */
  readonly principals: readonly string[];
  readonly mfaRequired: boolean;
  readonly externalId: string | null;
  /** The one token that AssumeRoleWithWebIdentity accepts, and its subject. */
  readonly webIdentity: { readonly token: string; readonly subject: string } | null;
  /** Actions that it does not allow beside AssumeRole: `sts:TagSession`, `sts:SetSourceIdentity`. */
  readonly denies: readonly string[];
}

export interface Role {
  readonly account: string;
  readonly name: string;
  /** AROA… */
  readonly id: string;
  readonly arn: string;
  readonly trust: Trust;
  /** Seconds. */
  readonly maxSessionDuration: number;
}

/** The identity that signed a request, or that a session belongs to. */
export interface Identity {
  readonly kind: 'user' | 'session-token' | 'role' | 'federated';
  readonly account: string;
  readonly arn: string;
  /** The UserId of GetCallerIdentity. */
  readonly id: string;
  /** The user behind it; null for roles. */
  readonly user: User | null;
  readonly role: Role | null;
  /** Whether aws:MultiFactorAuthPresent is true for calls signed with it. */
  readonly mfa: boolean;
  readonly transitiveTags: readonly string[];
  readonly sourceIdentity: string | null;
  /**
   * The session policies: ARNs, and the text of a policy. Absent or empty for all of its
   * permissions.
   */
  readonly policies?: readonly string[];
}

export interface Session {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly token: string;
  readonly identity: Identity;
  expiresAt: Date;
}

export interface NewUser {
  account: string;
  name: string;
  /**
   * Gives the user a virtual MFA device; a text is its seed in base32. A device with a name can
   * have one code that never changes.
   */
  mfa?: boolean | string | { readonly name: string; readonly code: string };
}

export interface NewRole {
  account: string;
  name: string;
  trust?: Partial<Trust>;
  /** Seconds; 3600 by default, as in AWS. */
  maxSessionDuration?: number;
}

/** Everything in the emulated AWS: users with their keys, roles, and sessions. */
export class Cloud {
  readonly users: User[] = [];
  readonly roles: Role[] = [];
  readonly sessions = new Map<string, Session>();
  /** Sign-ins to IAM Identity Center. */
  readonly signIns = new SignIns(() => this.now());
  /** Sign-ins by `aws login`. */
  readonly logins = new Logins(() => this.now());
  /** The accounts that the user of Identity Center can see. */
  readonly organisation = new Organisation();
  /** How far AWS's clock is ahead of this machine's, in milliseconds. */
  clockOffset = 0;
  /** The real lifetime of sessions in seconds, whatever was asked for; null: as requested. */
  sessionLifetime: number | null = null;
  /** Milliseconds until a key made by CreateAccessKey is known everywhere: in AWS this takes some seconds. */
  keySettleTime = 0;

  constructor(readonly clock: Clock) {}

  now(): Date {
    return new Date(this.clock.now() + this.clockOffset);
  }

  addUser({ account, name, mfa = false }: NewUser): User {
    const user: User = {
      account,
      name,
      id: newId('AIDA'),
      arn: `arn:aws:iam::${account}:user/${name}`,
      createdAt: this.now(),
      mfa: this.#device(account, name, mfa),
      keys: [],
    };
    this.users.push(user);
    return user;
  }

  #device(account: string, user: string, mfa: NonNullable<NewUser['mfa']>): MfaDevice | null {
    if (mfa === false) return null;
    const serial = `arn:aws:iam::${account}:mfa/${typeof mfa === 'object' ? mfa.name : user}`;
    const seed = typeof mfa === 'string' ? mfa : newSeed();
    return new MfaDevice(serial, seed, this.now(), typeof mfa === 'object' ? mfa.code : null);
  }

  /** A new active key for this user, known everywhere at once or after this many milliseconds. */
  addKey(user: User, settleTime = 0): AccessKey {
    const createdAt = this.now();
    const key: AccessKey = {
      id: newId('AKIA'),
      secret: newSecret(),
      createdAt,
      settledAt: settleTime > 0 ? new Date(+createdAt + settleTime) : null,
      status: 'Active',
      lastUsed: null,
    };
    user.keys.push(key);
    return key;
  }

  addRole({ account, name, trust, maxSessionDuration = 3600 }: NewRole): Role {
    const role: Role = {
      account,
      name,
      id: newId('AROA'),
      arn: `arn:aws:iam::${account}:role/${name}`,
      trust: {
        principals: ['*'],
        mfaRequired: false,
        externalId: null,
        webIdentity: null,
        denies: [],
        ...trust,
      },
      maxSessionDuration,
    };
    this.roles.push(role);
    return role;
  }

  /** A session for this identity that ends after this many seconds. */
  openSession(identity: Identity, seconds: number): Session {
    const lifetime = this.sessionLifetime ?? seconds;
    const session: Session = {
      accessKeyId: newId('ASIA'),
      secret: newSecret(),
      token: `FwoGZXIvYXdz${randomBytes(192).toString('base64')}`,
      identity,
      expiresAt: new Date(this.now().getTime() + lifetime * 1000),
    };
    this.sessions.set(session.accessKeyId, session);
    return session;
  }

  findKey(id: string): { user: User; key: AccessKey } | null {
    for (const user of this.users) {
      const key = user.keys.find((candidate) => candidate.id === id);
      if (key !== undefined) return { user, key };
    }
    return null;
  }

  findRole(arn: string): Role | null {
    return this.roles.find((role) => role.arn === arn) ?? null;
  }
}

export function userIdentity(user: User): Identity {
  return {
    kind: 'user',
    account: user.account,
    arn: user.arn,
    id: user.id,
    user,
    role: null,
    mfa: false,
    transitiveTags: [],
    sourceIdentity: null,
  };
}

/**
 * A unique id in IAM's form: a prefix for the kind (AKIA, ASIA, AIDA, AROA), then 16 characters.
 */
function newId(prefix: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + Array.from(randomBytes(16), (byte) => letters[byte % 32]).join('');
}

function newSecret(): string {
  return randomBytes(30).toString('base64');
}
