import type { Sandbox } from './sandbox.ts';

/** One thing a person does in the sandbox, and what has to be seen after it. */
export interface Scene {
  /** What it shows, for the transcript. */
  readonly title: string;
  readonly keys: string;
  /** Answers to questions, in their order: the key strokes once the question is seen. */
  readonly answers?: readonly { readonly question: RegExp; readonly keys: () => string }[];
  /** All of these, and then a prompt. */
  readonly shows: readonly RegExp[];
  /** Tab completion: `keys` end with a Tab, and nothing was sent with Enter yet. */
  readonly unfinished?: boolean;
}

/** The story that `awsh demo` plays where there is no terminal: each step must show what it should. */
export function story(sandbox: Sandbox): Scene[] {
  const yes = { question: /\[y\/N\] $/, keys: () => 'y\r' };
  return [
    {
      title: 'a directory file that nobody has allowed loads nothing',
      keys: 'cd ~/projects/dev\r',
      shows: [/not allowed.*awsh allow/s],
    },
    {
      title: 'allow it, and be its role; the prompt says for how long',
      keys: 'awsh allow\r',
      shows: [/account\s+111122223333/, /\(?dev (59m|1h00m)/],
    },
    {
      title: 'AWS agrees on who this is',
      keys: 'awsh status --verify\r',
      shows: [/111122223333/, /developer/],
    },
    {
      title: 'Tab completes profile names',
      keys: 'awsh exec stag\t',
      shows: [/awsh exec staging $/],
      unfinished: true,
    },
    {
      title: 'one command as another role, with its own exit status; it needs an MFA code',
      keys: "-- sh -c 'echo key: $AWS_ACCESS_KEY_ID; exit 7'; echo status $?\r",
      answers: [{ question: /MFA code for staging.*: $/, keys: () => `${sandbox.mfaCode()}\r` }],
      shows: [/key: ASIA\w+/, /status 7/],
    },
    {
      title: 'the session is kept: entering its directory asks for no second code',
      keys: 'cd ../staging && awsh allow\r',
      shows: [/444455556666/, /staging (59m|1h00m)/],
    },
    {
      title: 'prod is protected: allowing and loading it each want a yes',
      keys: 'awsh allow ../prod && cd ../prod\r',
      answers: [yes, yes],
      shows: [/777788889999/, /prod (59m|1h00m)/],
    },
    {
      title: 'IAM Identity Center: sign in once; the browser of the sandbox chooses Allow',
      keys: 'awsh sso login corp\r',
      answers: [{ question: /Press Enter to open [\s\S]*q to quit/, keys: () => '\r' }],
      shows: [/signed in to corp until/],
    },
    {
      title: 'a profile for each role of its three accounts',
      keys: 'awsh sso populate\r',
      answers: [yes],
      shows: [/\+ Corp-Production-EU\/Operator/, /5 added/],
    },
    {
      title: 'each of these profiles has a session, without another question',
      keys: "awsh exec Corp-Production-EU/Operator -- sh -c 'echo key: $AWS_ACCESS_KEY_ID'\r",
      shows: [/key: ASIA\w+/],
    },
    {
      title: 'outside the projects you are nobody again',
      keys: 'cd ~; echo "key: [$AWS_ACCESS_KEY_ID]"\r',
      shows: [/key: \[\]/],
    },
  ];
}
