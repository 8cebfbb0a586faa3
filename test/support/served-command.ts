import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { type Answer, packageFolder, runInstalled } from './run-awsh.ts';
import { sandboxEnvironment, storeKey } from './sandbox-shell.ts';
import { temporaryHome } from './temporary-home.ts';

/** A sandbox whose roles' sessions live for so many seconds, whatever is asked for; the source's own as long as asked. */
export async function shortLivedSandbox(seconds: number): Promise<Sandbox> {
  const sandbox = await createSandbox(join(temporaryHome().path, 'home'));
  onTestFinished(() => sandbox.close());
  await storeKey(sandbox);
  const { cloud } = sandbox.emulator;
  const open = cloud.openSession.bind(cloud);
  cloud.openSession = (identity, asked) => open(identity, identity.kind === 'role' ? seconds : asked);
  return sandbox;
}

/** `awsh exec --server …` in the sandbox, without an agent unless the environment says so. */
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

/** A command that prints what its server answers it. */
export const askServer = [
  'node',
  '-e',
  `const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: Authorization } = process.env;
   require('node:http').get(uri, { headers: { Authorization } }, (response) => response.pipe(process.stdout));`,
];
