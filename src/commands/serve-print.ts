import { join } from 'node:path';
import type { Context } from '../cli/index.ts';
import { credentialsPath } from '../serving/index.ts';
import { UsageError } from '../system/index.ts';
import { grantIdOf } from './grant-start.ts';

/** The folder of the grant inside a container, and the container's port that leads to it. */
const inside = '/run/awsh';
export const relayPort = 9911;

/**
 * The lines for a devcontainer.json or a compose file. They mount the folder and not the socket, so
 * that a grant made again under the same name is found without a new container. The token is in a
 * file, because `docker inspect` shows variables.
 */
export function printedLines({ paths, environment }: Context, kind: string, name = 'devcontainer'): string {
  const id = grantIdOf(name);
  const isRuntime =
    environment.XDG_RUNTIME_DIR !== undefined && paths.runtime === join(environment.XDG_RUNTIME_DIR, 'awsh');
  const folder = (variable: string) =>
    isRuntime ? `${variable}/awsh/grants/${id}` : join(paths.runtime, 'grants', id);
  const ownFolder = isRuntime ? folder('${XDG_RUNTIME_DIR}') : folder('').replaceAll('$', '$$$$');
  if (kind === 'devcontainer') return devcontainer(folder('${localEnv:XDG_RUNTIME_DIR}'));
  if (kind === 'compose') return compose(ownFolder);
  throw new UsageError('--print is devcontainer or compose', 'awsh knows the form of these two');
}

const variables = {
  AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${relayPort}${credentialsPath}`,
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${inside}/token`,
};

const relay = `socat TCP-LISTEN:${relayPort},bind=127.0.0.1,fork,reuseaddr UNIX-CONNECT:${inside}/sock`;

function devcontainer(folder: string): string {
  const lines = {
    mounts: [`source=${folder},target=${inside},type=bind`],
    containerEnv: variables,
    postStartCommand: `nohup ${relay} >/dev/null 2>&1 &`,
  };
  return `${JSON.stringify(lines, null, 2).split('\n').slice(1, -1).join('\n').replace(/^ {2}/gm, '')}\n`;
}

function compose(folder: string): string {
  // The short form of a mount cannot have every path.
  const mount = /^[\w./${}-]+$/.test(folder)
    ? ['    volumes:', `      - ${folder}:${inside}`]
    : [
        '    volumes:',
        '      - type: bind',
        `        source: ${JSON.stringify(folder)}`,
        `        target: ${inside}`,
      ];
  const names = Object.entries(variables).map(([name, value]) => `      ${name}: ${value}`);
  return `${[
    'services:',
    '  app:',
    ...mount,
    '    environment:',
    ...names,
    '  # a second container in the network of app; with socat in the image of app, run its command there instead',
    '  awsh-relay:',
    '    image: alpine/socat',
    '    network_mode: service:app',
    // Only the user of the grant may open its socket.
    `    user: "\${UID:-${process.getuid?.() ?? 1000}}"`,
    ...mount,
    `    command: ${relay.replace(/^socat /, '')}`,
  ].join('\n')}\n`;
}
