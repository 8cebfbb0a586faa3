import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Sandbox } from '../../src/demo/index.ts';
import { type Answer, runInstalled } from './run-awsh.ts';
import { sandboxEnvironment } from './sandbox-shell.ts';
import { shortLivedSandbox } from './served-command.ts';

export interface MadeGrant {
  readonly id: string;
  readonly socket: string;
  readonly tokenFile: string;
}

export interface GrantSandbox {
  readonly sandbox: Sandbox;
  readonly environment: Record<string, string>;
  awsh(...words: string[]): Promise<Answer>;
  /** `awsh serve dev --json` with these arguments. */
  serve(...words: string[]): Promise<MadeGrant>;
}

/** A sandbox in which sessions of roles last this many seconds. Its grants end with the test. */
export async function grantSandbox(seconds: number): Promise<GrantSandbox> {
  const sandbox = await shortLivedSandbox(seconds);
  const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
  const awsh = (...words: string[]) => runInstalled(words, environment);
  onTestFinished(async () => {
    const { out } = await awsh('serve', '--list', '--json');
    for (const { id } of JSON.parse(out)) await awsh('serve', '--revoke', id);
  });
  return {
    sandbox,
    environment,
    awsh,
    async serve(...words) {
      const { status, out, err } = await awsh('serve', 'dev', '--json', ...words);
      if (status !== 0) throw new Error(err);
      return JSON.parse(out);
    },
  };
}

/** The answer of the grant on its socket; status 0 if there is none. */
export function askSocket(
  socketPath: string,
  headers: Record<string, string>,
  path = '/credentials',
): Promise<{ status: number; body: Record<string, string> }> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    asked.on('error', () => resolve({ status: 0, body: {} }));
    asked.end();
  });
}
