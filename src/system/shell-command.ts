import { shellWord } from './quote-posix.ts';

/**
 * A command line to show to the user: shellCommand`awsh add ${profile}`. Each value becomes one
 * word in bash, zsh and fish. Control characters in it are shown as `?`, as in all other output.
 */
export function shellCommand(texts: TemplateStringsArray, ...values: readonly string[]): string {
  return texts.reduce((line, text, index) => `${line}${shellWord(values[index - 1] ?? '')}${text}`);
}

/** The first words of advice that is a sentence. */
const sentence =
  /^(a|add|allow|answer|ask|check|choose|close|delete|download|edit|first|get|give|in|install|it|keep|leave|let|log|make|move|name|open|put|region|remove|renew|repair|restore|run|set|sign|start|store|the|try|turn|type|use|wait|write)\b/;

/**
 * True if a `next` can be pasted into a shell unchanged; false if it is a sentence, or contains
 * remarks.
 */
export function isPastable(next: string): boolean {
  const unquoted = next.replace(/'[^']*'|"[^"]*"/g, '');
  return !sentence.test(next) && !/, | \(|\u2026|; [a-z]+ [a-z]+ [a-z]+ [a-z]+/.test(unquoted);
}

/** The programs that our commands begin with. */
const programs =
  /^(?:awsh|aws|bash|chmod|chown|cp|df|export|gnome-keyring-daemon|gpg|ln|ls|mkdir|mv|pass|rm|secret-tool|security|sudo|timedatectl|ulimit|unset|vi) /;

/** True for a command, recognised by its first word; other advice is a sentence. */
export function isCommand(next: string): boolean {
  return programs.test(next);
}

/**
 * How advice is shown: `command` only if it can be pasted (else null); a sentence is added to the
 * reason, which may be empty. In `install it, or use another backend: export AWSH_BACKEND=file` the
 * part before the colon is the sentence.
 */
export function adviceOf(
  why: string | null | undefined,
  next: string | null | undefined,
): { readonly reason: string; readonly command: string | null } {
  const [, remark, last = ''] = /^([^:'"]+): (.*)$/.exec(next ?? '') ?? [];
  if (isCommand(last) && isPastable(last))
    return { reason: [why, remark].filter(Boolean).join('; '), command: last };
  const command = next && isPastable(next) ? next : null;
  return { reason: [why, command === null ? next : null].filter(Boolean).join('; '), command };
}

/** A name as the last word of an awsh command: after `--` if it would be read as an option. */
export function operandWord(name: string): string {
  return `${name.startsWith('-') ? '-- ' : ''}${shellWord(name)}`;
}

/** The same for several names. */
export function operandWords(names: readonly string[]): string {
  return [...(names.some((name) => name.startsWith('-')) ? ['--'] : []), ...names.map(shellWord)].join(' ');
}

/** `--profile NAME`, in the form that also takes a name that begins with a dash. */
export function profileOption(name: string): string {
  return `--profile${name.startsWith('-') ? '=' : ' '}${shellWord(name)}`;
}
