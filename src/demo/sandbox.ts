import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCode, printable, Secret, UsageError, writeFileAtomic } from '../system/index.ts';
import { type EmulatedUser, type Emulator, startEmulator } from './emulator/index.ts';

/** One sample project: a folder whose directory file asks for a profile, and its role. */
export interface Project {
  readonly profile: string;
  /** Absolute. */
  readonly folder: string;
  readonly roleArn: string;
  readonly account: string;
}

/**
 * A throw-away home with its own AWS. Nothing is stored in its vault yet, and no shell runs yet.
 */
export interface Sandbox {
  readonly home: string;
  /**
   * HOME, XDG_* and NO_PROXY. A shell in the sandbox must get these, and none of the user's own
   * AWS_* and AWSH_* variables.
   */
  readonly environment: Readonly<Record<string, string>>;
  readonly emulator: Emulator;
  /**
   * The source profile of all roles; its access key is to be stored in the vault under this name.
   */
  readonly sourceProfile: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly projects: readonly Project[];
  /**
   * The code that the user's MFA device would show now. It is also in `~/mfa-code`, kept up to date
   * while the sandbox exists.
   */
  mfaCode(): string;
  /** Stops the emulator. The caller must remove the home. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  /**
   * An MFA device that always shows this code, and has it in its name, so that each question for a
   * code shows it. Without it the code changes every half minute.
   */
  readonly fixedCode?: string;
}

const sourceProfile = 'demo';

/**
 * The sample projects: dev is simple, staging needs an MFA code, prod is protected by a setting.
 */
const samples = [
  {
    profile: 'dev',
    account: '111122223333',
    role: 'developer',
    region: 'eu-west-1',
    mfa: false,
    directoryFile: 'dev\n',
  },
  {
    profile: 'staging',
    account: '444455556666',
    role: 'deployer',
    region: 'eu-central-1',
    mfa: true,
    directoryFile: 'profile = staging\nregion = eu-central-1\n',
  },
  {
    profile: 'prod',
    account: '777788889999',
    role: 'operator',
    region: 'us-east-1',
    mfa: false,
    directoryFile:
      '# The account is checked before anything is loaded.\nprofile = prod\naccount = 777788889999\n',
  },
] as const;

type LaidOut = Project & (typeof samples)[number];

/**
 * Starts the emulator and creates a home in `home`, an absolute path of an empty or missing folder.
 * Throws UsageError if the folder is not empty, because it could be a real home.
 */
export async function createSandbox(home: string, options: SandboxOptions = {}): Promise<Sandbox> {
  makeEmptyFolder(home);
  const emulator = await startEmulator();
  const { fixedCode } = options;
  const mfa = fixedCode === undefined ? true : { name: `code-is-${fixedCode}`, code: fixedCode };
  const user = emulator.addUser({ account: '123456789012', name: 'demo', mfa });
  const projects = samples.map((sample) => ({
    ...sample,
    folder: join(home, 'projects', sample.profile),
    roleArn: emulator.addRole({
      account: sample.account,
      name: sample.role,
      trust: { principals: [user.arn], mfaRequired: sample.mfa },
    }).arn,
  }));
  let stopShowing: () => void;
  try {
    writeHome(home, emulator.url, user, projects);
    stopShowing = showCode(join(home, 'mfa-code'), user);
  } catch (error) {
    await emulator.close();
    throw error;
  }
  return {
    home,
    environment: sandboxEnvironment(home),
    emulator,
    sourceProfile,
    accessKeyId: user.accessKeyId,
    secretAccessKey: new Secret(user.secretAccessKey),
    projects,
    mfaCode: () => user.code(),
    close: async () => {
      stopShowing();
      await emulator.close();
    },
  };
}

function makeEmptyFolder(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (readdirSync(home).length === 0) return;
  throw new UsageError(
    `${printable(home)} is not empty`,
    'the sandbox writes ~/.aws/config and settings of its own, and only into an empty folder',
  );
}

function writeHome(home: string, endpoint: string, user: EmulatedUser, projects: readonly LaidOut[]): void {
  const environment = sandboxEnvironment(home);
  mkdirSync(environment.XDG_RUNTIME_DIR, { mode: 0o700 });
  const write = (path: string, content: string, mode = 0o600) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, content, { mode });
  };
  write(join(home, '.aws/config'), awsConfig(endpoint, user, projects));
  write(join(environment.XDG_CONFIG_HOME, 'awsh/config'), 'backend = file\nprotected = prod\n');
  for (const { folder, directoryFile } of projects) write(join(folder, '.awsprofile'), directoryFile, 0o644);
}

function awsConfig(endpoint: string, user: EmulatedUser, projects: readonly LaidOut[]): string {
  const source = [`[profile ${sourceProfile}]`, 'region = eu-west-1', `endpoint_url = ${endpoint}`];
  const roles = projects.map(({ profile, roleArn, region, mfa }) => [
    `[profile ${profile}]`,
    `role_arn = ${roleArn}`,
    `source_profile = ${sourceProfile}`,
    ...(mfa ? [`mfa_serial = ${user.mfaSerial}`] : []),
    `region = ${region}`,
    `endpoint_url = ${endpoint}`,
  ]);
  return [source, ...roles].map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function sandboxEnvironment(home: string) {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_RUNTIME_DIR: join(home, '.run'),
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
}

/**
 * There is no phone in the sandbox, so the code is in a file, checked every second and written when
 * it has changed.
 */
function showCode(path: string, user: EmulatedUser): () => void {
  let shown = '';
  const show = () => {
    const code = user.code();
    if (code === shown) return;
    writeFileAtomic(path, `${code}\n`);
    shown = code;
  };
  show();
  const timer = setInterval(() => {
    try {
      show();
    } catch (error) {
      // The home was removed first, or given to another user, so the code is not needed any more.
      if (!hasCode(error, 'ENOENT', 'EACCES')) throw error;
      clearInterval(timer);
    }
  }, 1000);
  timer.unref();
  return () => clearInterval(timer);
}
