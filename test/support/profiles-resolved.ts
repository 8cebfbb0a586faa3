import { expect } from 'vitest';
import { runJavascript, runPython } from './aws-clients.ts';

const python = `
import boto3, json, os, sys
known = set(boto3.Session().available_profiles)
def access_key(name):
    try:
        return boto3.Session(profile_name=name).get_credentials().get_frozen_credentials().access_key[:4]
    except Exception as error:
        return f'{type(error).__name__}: {error}'
names = json.load(open(os.environ['NAMES']))
asked = int(os.environ['ASKED'])
print(json.dumps([[name in known, access_key(name) if at < asked else ''] for at, name in enumerate(names)]))
`;

const javascript = `
import { readFileSync } from 'node:fs';
import { fromSSO } from '@aws-sdk/credential-providers';
import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
const names = JSON.parse(readFileSync(process.env.NAMES, 'utf8'));
const { configFile } = await loadSharedConfigFiles();
const accessKey = (profile) => fromSSO({ profile, clientConfig: { endpoint: configFile[profile].endpoint_url } })().then(({ accessKeyId }) => accessKeyId.slice(0, 4), String);
const answers = [];
for (const [at, name] of names.entries())
  answers.push([Boolean(configFile[name]?.sso_session), at < Number(process.env.ASKED) ? await accessKey(name) : '']);
console.log(JSON.stringify(answers));
`;

/**
 * Expects boto3 and the SDK for JavaScript to know each of these profiles, and to get keys with the
 * first `count` of them.
 */
export async function expectResolved(
  { path, write }: { path: string; write: (name: string, content: string) => string },
  names: readonly string[],
  asked = names.length,
): Promise<void> {
  const file = write('names.json', JSON.stringify(names));
  const environment = { HOME: path, NAMES: file, ASKED: String(asked), AWS_REGION: 'eu-west-1' };
  const wanted = names.map((name, at) => [name, true, at < asked ? 'ASIA' : '']);
  for (const run of [runPython(python, environment), runJavascript(javascript, environment)]) {
    const { stdout, stderr } = await run;
    expect(stderr).toBe('');
    const answers: unknown[][] = JSON.parse(stdout);
    expect(answers.map((answer, at) => [names[at], ...answer])).toEqual(wanted);
  }
}
