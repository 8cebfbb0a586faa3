import { execa } from 'execa';
import type { TemporaryHome } from './temporary-home.ts';

/** The AWS files of one case. */
export interface BatchCase {
  readonly config: string;
  readonly credentials: string;
}

/**
 * What botocore reads, and which identity profile `dev` gets from it; null if it reads nothing of
 * the file.
 */
export interface BotocoreAnswer {
  readonly profiles: Record<string, Record<string, string | Record<string, string>>> | null;
  /** `role ARN by …`, `sso ACCOUNT ROLE`, `key ID`, `process COMMAND`, `environment`; `none`; or an error's name. */
  readonly identity: string;
}

/**
 * All cases in one process, because botocore starts slowly. Its own provider chain decides. It
 * makes no calls, because it gets the credentials of a role or a sign-in on first use. Programs are
 * named and not run.
 */
export async function askBotocore(
  home: TemporaryHome,
  cases: readonly BatchCase[],
  asked: 'files' | 'identity',
): Promise<BotocoreAnswer[]> {
  const environment = {
    PATH: process.env.PATH,
    HOME: home.path,
    ASKED: asked,
    CASES: home.write('cases.json', JSON.stringify(cases)),
    AWS_CONFIG_FILE: `${home.path}/batch-config`,
    AWS_SHARED_CREDENTIALS_FILE: `${home.path}/batch-credentials`,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT00000',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const { stdout } = await execa('python3', ['-c', program], { env: environment, extendEnv: false });
  return JSON.parse(stdout);
}

const program = `
import botocore.configloader, botocore.credentials, botocore.session, json, os

def named(self, command):
    return {'access_key': 'process ' + command, 'secret_key': 's', 'token': None, 'expiry_time': None}

botocore.credentials.ProcessProvider._retrieve_credentials_using = named

def identity(credentials):
    if credentials is None:
        return 'none'
    if credentials.method == 'env':
        return 'environment'
    refresh = getattr(credentials, '_refresh_using', None)
    if refresh is None:
        key = credentials.access_key
        return key if key.startswith('process ') else 'key ' + key
    fetcher = refresh.__self__
    if hasattr(fetcher, '_account_id'):
        return 'sso %s %s' % (fetcher._account_id, fetcher._role_name)
    source = getattr(fetcher, '_source_credentials', None)
    by = 'a token' if source is None else identity(source)
    return 'role %s by %s' % (fetcher._role_arn, by)

def answer(case):
    for name, variable in (('config', 'AWS_CONFIG_FILE'), ('credentials', 'AWS_SHARED_CREDENTIALS_FILE')):
        with open(os.environ[variable], 'w', newline='', encoding='utf-8') as file:
            file.write(case[name])
    try:
        profiles = botocore.configloader.load_config(os.environ['AWS_CONFIG_FILE'])['profiles']
    except botocore.exceptions.ConfigParseError:
        return {'profiles': None, 'identity': 'ConfigParseError'}
    if os.environ['ASKED'] == 'files':
        return {'profiles': profiles, 'identity': 'not asked'}
    try:
        session = botocore.session.Session(profile='dev')
        return {'profiles': profiles, 'identity': identity(session.get_credentials())}
    except Exception as error:
        return {'profiles': profiles, 'identity': type(error).__name__}

with open(os.environ['CASES'], encoding='utf-8') as file:
    print(json.dumps([answer(case) for case in json.load(file)]))
`;
