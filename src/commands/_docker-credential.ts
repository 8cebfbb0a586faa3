import { text } from 'node:stream/consumers';
import { type CommandInput, type Context, packageVersion } from '../cli/index.ts';
import { type EcrRegistry, ecrPassword, ecrRegistry } from '../sessions/index.ts';
import { registryProfile } from '../settings/index.ts';
import { type AwshError, explained, printable } from '../system/index.ts';
import { toolCredentials } from './tool-credentials.ts';

/**
 * docker recognises this exact text and continues without a password (docker-credential-helpers,
 * credentials/error.go).
 */
const notFound = 'credentials not found in native keychain';

/**
 * `docker-credential-awsh get|store|erase|list|version`: the protocol of docker's credential helpers. If
 * the exit status is not 0, docker shows stdout, so errors are printed there.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const action = input.argument('ACTION');
  if (action === 'list') {
    await context.output.print('{}\n');
    return 0;
  }
  if (action === 'version') {
    await context.output.print(`docker-credential-awsh ${packageVersion(context.packageFolder) ?? ''}\n`);
    return 0;
  }
  const server = (await text(process.stdin)).trim();
  if (action === 'get') return answerGet(context, server);
  await context.output.print(
    'awsh stores no registry passwords: it gets one from AWS each time; to use another helper here, change credHelpers in ~/.docker/config.json\n',
  );
  return 1;
}

async function answerGet(context: Context, server: string): Promise<number> {
  const registry = ecrRegistry(server);
  if (registry === null) return fail(context, notFound);
  try {
    const password = await passwordFor(context, registry);
    const answer = { ServerURL: server, Username: 'AWS', Secret: password.reveal() };
    await context.output.print(`${JSON.stringify(answer)}\n`);
    return 0;
  } catch (error) {
    const known = explained(error);
    if (known === null) throw error;
    return fail(context, lineOf(known), known.exitStatus);
  }
}

async function passwordFor(context: Context, registry: EcrRegistry) {
  const profile = registryProfile(await context.settings(), registry);
  const { credentials, connection, ecrEndpoint } = await toolCredentials(context, { verb: 'ecr', profile });
  const now = new Date(context.clock.now());
  return ecrPassword(registry, { credentials, now, endpoint: ecrEndpoint, connection });
}

async function fail(context: Context, line: string, status = 1): Promise<number> {
  await context.output.print(`${line}\n`);
  return status;
}

/** One line, because docker puts it on one line of its own error. */
function lineOf({ what, why, next }: AwshError): string {
  return printable([`awsh: ${what}`, why, next && `next: ${next}`].filter(Boolean).join('; '));
}
