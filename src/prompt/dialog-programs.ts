/** What a dialog asks for. */
export type DialogKind = 'text' | 'secret' | 'confirm';

export interface DialogQuestion {
  readonly kind: DialogKind;
  /** Printable, one or more lines, never a secret, because other users can read a command line. */
  readonly text: string;
  readonly initial: string;
}

/** A program that opens a window with one question. */
export interface DialogProgram {
  readonly name: 'zenity' | 'kdialog' | 'osascript';
  readonly args: (question: DialogQuestion) => string[];
  /** True if the user closed the window, or answered no. */
  readonly cancelled: (status: number | null, stderr: string) => boolean;
}

const title = 'awsh';

/** Its manual: exit status 1 is Cancel, or a closed window; any other is an error. */
const zenity: DialogProgram = {
  name: 'zenity',
  args: ({ kind, text, initial }) => [
    `--title=${title}`,
    ...(kind === 'confirm'
      ? ['--question', '--no-markup', '--default-cancel']
      : ['--entry', `--entry-text=${initial}`, ...(kind === 'secret' ? ['--hide-text'] : [])]),
    // It passes its labels through g_strcompress(), in which a backslash begins an escape.
    `--text=${text.replaceAll('\\', '\\\\')}`,
  ],
  cancelled: (status, stderr) => status === 1 && !/cannot open display/i.test(stderr),
};

/**
 * The same statuses as zenity (develop.kde.org, "KDialog"). To Qt a label without `<` is plain
 * text.
 */
const kdialog: DialogProgram = {
  name: 'kdialog',
  args: ({ kind, text, initial }) => {
    const shown = text.replaceAll('<', '‹').replaceAll('\\', '\\\\');
    const asked = {
      text: ['--inputbox', shown, initial],
      secret: ['--password', shown],
      confirm: ['--yesno', shown],
    };
    return ['--title', title, ...asked[kind]];
  },
  cancelled: (status) => status === 1,
};

/** The scripts are fixed: the question is passed as an argument, and is never part of a script. */
const asking = {
  text: 'text returned of (display dialog (item 1 of argv) with title "awsh" default answer (item 2 of argv))',
  secret:
    'text returned of (display dialog (item 1 of argv) with title "awsh" default answer (item 2 of argv) with hidden answer)',
  confirm:
    'display dialog (item 1 of argv) with title "awsh" buttons {"No", "Yes"} default button "No" cancel button "No"',
} as const;

/** AppleScript Language Guide, "display dialog": Cancel is the error -128. */
const osascript: DialogProgram = {
  name: 'osascript',
  args: ({ kind, text, initial }) => [
    '-e',
    'on run argv',
    '-e',
    `return ${asking[kind]}`,
    '-e',
    'end run',
    // osascript would read an argument that begins with a dash as an option.
    text.replace(/^-/, ' -'),
    initial.replace(/^-/, ' -'),
  ],
  cancelled: (status, stderr) => status === 1 && /-128/.test(stderr),
};

export const dialogPrograms = { zenity, kdialog, osascript } as const;
