import { join } from 'node:path';
import { readAwsFiles } from '../../src/profiles/index.ts';
import { findSsoSession, listAccounts, type SsoSession } from '../../src/sessions/index.ts';
import type { RequestPace } from '../../src/sessions/sso/paced-requests.ts';
import { systemClock } from '../../src/system/index.ts';
import { corpHome } from './corp-home.ts';
import { packageFolder } from './run-awsh.ts';
import { openTerminal } from './terminal.ts';

export const threeAccounts = {
  'Production (EU)': ['Admin', 'ReadOnly'],
  sandbox: ['Admin'],
  'Shared / Tools': ['Deploy', 'ViewOnly'],
};

/** Faster than AWS allows, so that a test need not wait. */
export const quickPace: RequestPace = {
  perSecond: 2000,
  atOnce: 4,
  patienceMs: 60_000,
  pausesMs: [5, 50],
};

/** A home that is signed in to an organisation with these accounts, by name, and their roles. */
export async function organisationHome(
  accounts: Readonly<Record<string, readonly string[]>> = threeAccounts,
  secondsLeft: number | null = 3600,
) {
  const corp = await corpHome(secondsLeft);
  const { organisation } = corp.emulator.cloud;
  Object.entries(accounts).forEach(([name, roles], index) => {
    const id = String(111_111_111_111 + index);
    organisation.addAccount(id, name);
    for (const role of roles) corp.emulator.addRole({ account: id, name: role });
  });
  const session = (): SsoSession =>
    findSsoSession(
      'corp',
      readAwsFiles({
        awsConfig: join(corp.home.path, '.aws/config'),
        awsCredentials: join(corp.home.path, '.aws/credentials'),
      }),
      {},
    );
  /** Lists in this process. */
  const list = (pace: Partial<RequestPace> = {}, timeoutMs = 10_000) =>
    listAccounts(session(), {
      clock: systemClock,
      locks: join(corp.home.path, 'locks'),
      surroundings: { HOME: corp.home.path },
      connection: { timeoutMs },
      commands: 'alone',
      promptMs: undefined,
      pace: { ...quickPace, ...pace },
    });
  const start = (...words: string[]) =>
    openTerminal(join(packageFolder, 'bin/awsh'), words, {
      environment: corp.environment,
      cwd: corp.home.path,
    });
  return { ...corp, organisation, session, list, start };
}

/** This many accounts, with one to three roles each. */
export function manyAccounts(count: number): Record<string, string[]> {
  const roles = ['Admin', 'ReadOnly', 'Deploy'];
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `Team ${String(index).padStart(3, '0')}`,
      roles.slice(0, 1 + (index % 3)),
    ]),
  );
}
