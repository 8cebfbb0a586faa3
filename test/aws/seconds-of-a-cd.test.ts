import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';
import { type OddReply, oddServer } from '../support/odd-server.ts';

/**
 * Prints how long a prompt waits for services that answer in odd ways. It takes minutes, so it runs
 * in `npm run test:long`.
 */
const { TEST_SECONDS } = process.env;

const replies: readonly OddReply[] = [
  'nothing',
  'a byte at a time',
  'a header at a time',
  'headers without end',
  '50 MB',
  'a body without end',
  'half a reply',
  'a gzip bomb',
  'a redirect to itself',
];

/** One session for each address, because the profiles of a session have to agree on it. */
const sessionAt = (url: string) => `corp-${new URL(url).port}`;

/** The lines of a profile whose service has this address. */
const sources: Record<string, (url: string, home: string) => string> = {
  STS: (url) =>
    `source_profile = demo\nrole_arn = arn:aws:iam::444455556666:role/Odd\nendpoint_url = ${url}\n`,
  'web identity': (url, home) =>
    `role_arn = arn:aws:iam::444455556666:role/Odd\nweb_identity_token_file = ${home}/token\nendpoint_url = ${url}\n`,
  SSO: (url) =>
    `sso_session = ${sessionAt(url)}\nsso_account_id = 444455556666\nsso_role_name = Dev\nendpoint_url = ${url}\n` +
    `[sso-session ${sessionAt(url)}]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n`,
  IMDS: (url) => `credential_source = Ec2InstanceMetadata\nec2_metadata_service_endpoint = ${url}\n`,
};

const programs: Record<string, string> = {
  'that prints nothing': 'sleep 60',
  'that prints without end': 'exec yes',
  'that prints a byte at a time': 'while :; do printf x; sleep 0.1; done',
  'that fails at once': 'exit 3',
  'that ignores a signal': "trap '' TERM; sleep 60",
  'that leaves a child behind': 'sleep 60 & exit 3',
};

interface Seconds {
  readonly first: string;
  readonly again: string;
  readonly refresh: string;
  readonly reason: string;
}

/** Enters, returns to and refreshes a shell pinned to the profile. */
async function secondsOf(place: AgentSandbox, profile: string): Promise<Seconds> {
  const load = async (...lines: string[]) => {
    const begun = performance.now();
    const reply = await place.loadCold(place.sandbox.home, [`pin ${profile}`, ...lines]);
    return { reply, seconds: ((performance.now() - begun) / 1000).toFixed(1) };
  };
  const first = await load();
  const again = await load();
  const refresh = await load('refresh 1');
  const reason = /\nreason (.*)/.exec(first.reply)?.[1] ?? first.reply;
  expect(first.reply).toMatch(/^- (error|person) /);
  return { first: first.seconds, again: again.seconds, refresh: refresh.seconds, reason };
}

function print(what: string, { first, again, refresh, reason }: Seconds, calls: string): void {
  console.log(`${what}: ${first} s, again ${again} s, refresh ${refresh} s${calls}; ${reason}`);
}

describe.runIf(TEST_SECONDS)('a cd to a profile whose service fails', () => {
  it.each(Object.keys(sources))('%s', { timeout: 600_000 }, async (name) => {
    const place = await agentSandbox();
    const home = place.sandbox.home;
    writeFileSync(join(home, 'token'), 'token');
    const signedIn = { accessToken: 'bearer', expiresAt: new Date(Date.now() + 3600_000).toISOString() };
    mkdirSync(join(home, '.aws/sso/cache'), { recursive: true });
    for (const [index, reply] of replies.entries()) {
      const server = await oddServer(reply);
      const file = createHash('sha1').update(sessionAt(server.url)).digest('hex');
      writeFileSync(
        join(home, `.aws/sso/cache/${file}.json`),
        JSON.stringify({ ...signedIn, region: 'eu-west-1' }),
      );
      const lines = sources[name]?.(server.url, home) ?? '';
      appendFileSync(join(home, '.aws/config'), `\n[profile odd${index}]\nregion = eu-west-1\n${lines}`);
      const seconds = await secondsOf(place, `odd${index}`);
      print(`${name}, ${reply}`, seconds, `, ${server.requests} requests`);
    }
  });

  it.each(Object.entries(programs))('credential_process %s', { timeout: 600_000 }, async (name, program) => {
    const place = await agentSandbox();
    const file = join(place.sandbox.home, 'program');
    writeFileSync(file, `#!/bin/sh\n${program}\n`, { mode: 0o700 });
    appendFileSync(
      join(place.sandbox.home, '.aws/config'),
      `\n[profile odd]\ncredential_process = ${file}\n`,
    );
    print(`credential_process ${name}`, await secondsOf(place, 'odd'), '');
  });
});
