import type { Emulator } from '../../src/demo/emulator/index.ts';
import { type ClientRun, runJavascript, runPython } from './aws-clients.ts';

/** The SDKs with whose calls ours are compared. The AWS CLI uses botocore. */
export type Oracle = 'botocore' | 'javascript';

export const oracles: readonly Oracle[] = ['botocore', 'javascript'];

const botocore = `
import botocore.session, os, sys
session = botocore.session.Session(profile=os.environ['AWS_PROFILE'])
provider = session.get_component('credential_provider').get_provider('assume-role')
provider._prompter = lambda prompt: os.environ['CODE']
try:
    credentials = session.get_credentials()
    print(credentials.get_frozen_credentials().access_key if credentials else 'none')
except Exception as error:
    sys.exit(type(error).__name__)
`;

const javascript = `
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
const provider = fromNodeProviderChain({
  mfaCodeProvider: async () => process.env.CODE,
  clientConfig: { region: 'eu-west-1' },
});
try {
  console.log((await provider()).accessKeyId);
} catch (error) {
  console.error(error.name);
  process.exitCode = 1;
}
`;

/** Lets an SDK find the credentials of a profile; gives their key id, or the name of its error. */
export async function credentialsBy(oracle: Oracle, environment: Record<string, string>): Promise<string> {
  const run: ClientRun =
    oracle === 'botocore'
      ? await runPython(botocore, environment)
      : await runJavascript(javascript, environment);
  return run.exitCode === 0 ? run.stdout.trim() : (run.stderr.trim().split('\n').at(-1) ?? '');
}

/**
 * The calls to STS since the last look, one a line: action, signer, and every parameter that
 * matters.
 */
export function callsInWords(emulator: Emulator): string[] {
  const calls = emulator.calls.splice(0).filter(({ action }) => action !== 'GetCallerIdentity');
  return calls.map(({ action, caller, params }) => {
    const { RoleArn = '', DurationSeconds = '3600', SerialNumber, WebIdentityToken } = params;
    const said = Object.entries(params)
      .filter(([name]) => !known.has(name))
      .map(([name, value]) => `${name}=${value}`);
    const parts = [
      action,
      RoleArn.split('/').at(-1),
      `by ${WebIdentityToken ? 'a token' : caller?.replace(/^.*:(?:user|assumed-role)\//, '').replace(/\/.*/, '')}`,
      `for ${DurationSeconds}`,
      SerialNumber && 'with MFA',
      ...said.sort(),
    ];
    return parts.filter(Boolean).join(' ');
  });
}

/**
 * Parameters with a fixed text, because they differ each time. An omitted duration is one hour (STS
 * API Reference).
 */
const known = new Set([
  'Action',
  'Version',
  'RoleArn',
  'RoleSessionName',
  'DurationSeconds',
  'SerialNumber',
  'TokenCode',
  'WebIdentityToken',
]);
