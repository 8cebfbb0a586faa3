import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { type Answer, packageFolder, runInstalled } from './run-awsh.ts';
import { sandboxEnvironment, storeKey } from './sandbox-shell.ts';
import { temporaryHome } from './temporary-home.ts';

/**
 * A sandbox in which sessions of roles last this many seconds, whatever is requested. Sessions of
 * the source last as long as requested.
 */
export async function shortLivedSandbox(seconds: number): Promise<Sandbox> {
  const sandbox = await createSandbox(join(temporaryHome().path, 'home'));
  onTestFinished(() => sandbox.close());
  await storeKey(sandbox);
  const { cloud } = sandbox.emulator;
  const open = cloud.openSession.bind(cloud);
  cloud.openSession = (identity, asked) => open(identity, identity.kind === 'role' ? seconds : asked);
  return sandbox;
}

/** `awsh exec --server …` in the sandbox, by default without an agent. */
export function execServer(
  sandbox: Sandbox,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Answer> {
  return runInstalled(['exec', '--server', ...words], {
    ...sandboxEnvironment(sandbox),
    AWSH_AGENT: 'off',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    PACKAGE: packageFolder,
    ...environment,
  });
}

/** A command that prints its server's answer. */
export const askServer = [
  'node',
  '-e',
  `const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: Authorization } = process.env;
   require('node:http').get(uri, { headers: { Authorization } }, (response) => response.pipe(process.stdout));`,
];
