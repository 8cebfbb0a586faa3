import { join } from 'node:path';
import type { Sandbox } from './sandbox.ts';

/** What a shell of the sandbox reports before a prompt. */
export interface ShellReport {
  /** The line that was run, trimmed. */
  readonly command: string;
  readonly status: number;
  readonly cwd: string;
  /** How a profile was loaded: `dir`, `pin`, `blocked`, …; empty if none is. */
  readonly kind: string;
  /** The profile that is loaded; empty if none is. */
  readonly profile: string;
}

/** One step for the user. */
export interface Step {
  /** The reason, shown before it. */
  readonly text: string;
  /** What to type; `<Tab>` means the key. */
  readonly command: string;
  /** True when the shell has reached this step's result. */
  readonly isDone: (report: ShellReport) => boolean;
  /** What the user has seen, shown after it. */
  readonly learned?: string;
  /** When the demo plays itself: answers to questions, in order, and the expected output. */
  readonly answers?: readonly { readonly question: RegExp; readonly keys: string }[];
  readonly shows: readonly RegExp[];
}

export interface Scene {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The code of the sandbox's MFA device. */
export const demoCode = '246810';

/** A repository that asks for too much. */
export const clonedFile = '# Found in a repository that you have just cloned.\nprofile = prod\n';

const yes = { question: /\[y\/N\] $/, keys: 'y\r' };

/**
 * The eight scenes of `awsh demo`, which the user plays, or which play themselves without a
 * terminal.
 */
export function scenesOf(sandbox: Pick<Sandbox, 'home'>): Scene[] {
  const inFolder = (name: string) => (report: ShellReport) =>
    report.cwd === join(sandbox.home, 'projects', name);
  const hasLoaded = (profile: string) => (report: ShellReport) =>
    report.kind === 'dir' && report.profile === profile;
  const hasRun =
    (pattern: RegExp) =>
    ({ command, status }: ShellReport) =>
      status === 0 && pattern.test(command);
  return [
    {
      title: 'load a profile',
      steps: [
        {
          text: 'The directory ~/projects/dev has a file .awsprofile, which names the profile dev.',
          command: 'cd ~/projects/dev',
          isDone: inFolder('dev'),
          learned: 'awsh loads nothing from such a file until you have allowed it.',
          shows: [/not allowed.*awsh allow/s],
        },
        {
          text: 'Allow it: awsh shows the account and the role, and loads the profile.',
          command: 'awsh allow',
          isDone: hasLoaded('dev'),
          learned:
            'The prompt shows the profile, and how long its session lasts. Every AWS tool uses it now.',
          shows: [/account\s+111122223333/, /\(?dev (59m|1h00m)/],
        },
        {
          text: 'Ask AWS who you are:',
          command: 'awsh status --verify',
          isDone: hasRun(/^awsh status\b/),
          shows: [/AWS says/, /111122223333/],
        },
      ],
    },
    {
      title: 'MFA',
      steps: [
        {
          text: 'The profile staging needs an MFA code. You can allow its directory before you enter it:',
          command: 'awsh allow ~/projects/staging',
          isDone: hasRun(/^awsh allow\b/),
          shows: [/444455556666/],
        },
        {
          text: `Enter it, and type the code. Your MFA device in this sandbox always shows ${demoCode}; it is in the question, too.`,
          command: 'cd ~/projects/staging',
          isDone: hasLoaded('staging'),
          learned: 'The session is kept for an hour. Until then no terminal asks you for another code.',
          answers: [{ question: /MFA code for staging.*: $/, keys: `${demoCode}\r` }],
          shows: [/staging (59m|1h00m)/],
        },
      ],
    },
    {
      title: 'a protected profile',
      steps: [
        {
          text: 'A setting protects prod. awsh asks before you allow its directory (answer y):',
          command: 'awsh allow ~/projects/prod',
          isDone: hasRun(/^awsh allow\b/),
          answers: [yes],
          shows: [/777788889999/],
        },
        {
          text: 'And it asks each time before a directory loads it:',
          command: 'cd ~/projects/prod',
          isDone: hasLoaded('prod'),
          answers: [yes],
          shows: [/prod (59m|1h00m)/],
        },
      ],
    },
    {
      title: 'choose a profile yourself',
      steps: [
        {
          text: 'Outside a project nothing is loaded. Choose a profile from a list: type dev, and press Enter.',
          command: 'cd ~ && awsh use',
          isDone: ({ kind }) => kind === 'pin',
          learned: 'This shell keeps that profile, whatever the directory asks for.',
          answers: [
            { question: /Enter: confirm/, keys: 'dev' },
            { question: /Search: dev[\s\S]*1 match/, keys: '\r' },
          ],
          shows: [/dev (59m|1h00m)/],
        },
        {
          text: 'Let the directory decide again:',
          command: 'awsh use --auto',
          isDone: ({ kind, command }) => kind !== 'pin' && /^awsh (use|off)\b/.test(command),
          shows: [],
        },
      ],
    },
    {
      title: 'one command, and Tab',
      steps: [
        {
          text: 'Run one command as another profile. Where <Tab> is, press the Tab key: it completes the name.',
          command: 'awsh exec st<Tab>-- printenv AWS_VAULT',
          isDone: hasRun(/^awsh exec \S+ -- /),
          learned: 'Only that command had the credentials, not this shell.',
          answers: [{ question: /exec staging\b/, keys: '-- printenv AWS_VAULT\r' }],
          shows: [/[\r\n]staging\n/],
        },
      ],
    },
    {
      title: 'a hostile clone',
      steps: [
        {
          text: 'You have cloned a repository from a stranger. Its .awsprofile asks for prod.',
          command: 'cd ~/projects/cloned',
          isDone: inFolder('cloned'),
          learned: 'Nothing was loaded, and nothing in that file was run.',
          shows: [/not allowed.*asks for prod/s],
        },
        {
          text: 'See what the profile would do, before you decide:',
          command: 'awsh explain prod',
          isDone: hasRun(/^awsh explain\b/),
          learned: 'Do not allow it. A file that you have allowed must be allowed again when it changes.',
          shows: [/AssumeRole \S+operator/],
        },
      ],
    },
    {
      title: 'sign in to IAM Identity Center',
      steps: [
        {
          text: 'When it asks, press Enter: a browser inside the sandbox chooses Allow. Or open the address in your own browser, and choose Allow there; the page is part of the sandbox.',
          command: 'awsh sso login corp',
          isDone: hasRun(/^awsh sso login\b/),
          learned: 'The AWS CLI and the SDKs share this sign-in.',
          answers: [{ question: /Press Enter to open [\s\S]*q to quit/, keys: '\r' }],
          shows: [/signed in to corp until/],
        },
        {
          text: 'Make a profile for each role of your three accounts there:',
          command: 'awsh sso populate',
          isDone: hasRun(/^awsh sso populate\b/),
          answers: [yes],
          shows: [/\+ Corp-Production-EU\/Operator/, /5 added/],
        },
      ],
    },
    {
      title: 'leave',
      steps: [
        {
          text: 'Enter dev again. You have allowed it, so it is loaded at once:',
          command: 'cd ~/projects/dev',
          isDone: hasLoaded('dev'),
          shows: [/dev (5\dm|1h00m)/],
        },
        {
          text: 'And leave it:',
          command: 'cd ~',
          isDone: ({ cwd, profile }) => cwd === sandbox.home && profile === '',
          learned: 'The credentials are gone, and your environment is what it was before.',
          shows: [],
        },
      ],
    },
  ];
}
