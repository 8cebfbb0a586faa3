import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../system/index.ts';
import { type Fault, Faults } from './faults.ts';
import { createEmulatorServer } from './server.ts';
import type { Call } from './service.ts';
import { Cloud, type NewRole, type NewUser, type Role } from './state.ts';

/** A user with a first access key, with the values that the key's owner knows. */
export interface EmulatedUser {
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The MFA device's ARN; empty if the user has none. */
  readonly mfaSerial: string;
  /**
   * The code that the MFA device shows now: see {@link MfaDevice.code}. Throws if there is no
   * device.
   */
  code(): string;
}

/** A running emulator: its AWS, the calls it received, and its faults. */
export class Emulator {
  /** `http://127.0.0.1:PORT`, for use as `endpoint_url`. */
  readonly url: string;

  constructor(
    private readonly server: Server,
    /** The state itself, for cases not covered by the methods here. */
    readonly cloud: Cloud,
    private readonly faults: Faults,
    /** Every call so far, oldest first. */
    readonly calls: Call[],
  ) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A user with one active access key and, if requested, an MFA device. */
  addUser(options: NewUser): EmulatedUser {
    const user = this.cloud.addUser(options);
    const key = this.cloud.addKey(user);
    return {
      account: user.account,
      name: user.name,
      arn: user.arn,
      accessKeyId: key.id,
      secretAccessKey: key.secret,
      mfaSerial: user.mfa?.serial ?? '',
      code: () => {
        if (user.mfa === null) throw new Error(`${user.arn} has no MFA device`);
        return user.mfa.code(this.cloud.now().getTime());
      },
    };
  }

  addRole(options: NewRole): Role {
    return this.cloud.addRole(options);
  }

  /** The actions called so far, in order: `['GetSessionToken', 'AssumeRole']`. */
  get actions(): string[] {
    return this.calls.map((call) => call.action);
  }

  /** Activates a fault; the returned function removes it. */
  misbehave(fault: Fault): () => void {
    return this.faults.add(fault);
  }

  /** Removes all faults. */
  behave(): void {
    this.faults.clear();
  }

  /** Ends every session given so far: their next use is answered with ExpiredToken. */
  expireSessions(): void {
    for (const session of this.cloud.sessions.values()) session.expiresAt = this.cloud.now();
  }

  /** Stops at once, including open and hanging connections. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

/** Starts an empty AWS on 127.0.0.1 and a random port (or `port`). */
export async function startEmulator(options: { clock?: Clock; port?: number } = {}): Promise<Emulator> {
  const cloud = new Cloud(options.clock ?? systemClock);
  const faults = new Faults();
  const calls: Call[] = [];
  const server = createEmulatorServer(cloud, faults, calls);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return new Emulator(server, cloud, faults, calls);
}
