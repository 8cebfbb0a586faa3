import type { BackendName } from './records.ts';

interface Replacement {
  readonly why: string;
  readonly backend: BackendName;
}

const windows: Replacement = { why: 'awsh does not run on Windows; in WSL: file or pass', backend: 'file' };
const onePassword: Replacement = {
  why: 'there is no 1Password backend: keychain, pass or file',
  backend: 'file',
};

/** The replacements for aws-vault's other backends (its docs/backends.md). */
const instead: Readonly<Record<string, Replacement>> = {
  kwallet: { why: 'KDE’s wallet answers as the Secret Service: keychain', backend: 'keychain' },
  keyctl: {
    why: 'the kernel’s keyring loses its content at a restart; encrypted files do not: file',
    backend: 'file',
  },
  wincred: windows,
  winhello: windows,
  passage: { why: 'pass keeps items in the same way, encrypted by gpg: pass', backend: 'pass' },
  op: onePassword,
  'op-connect': onePassword,
  'op-desktop': onePassword,
  'proton-pass': { why: 'there is no Proton Pass backend: keychain, pass or file', backend: 'file' },
};

/** The replacement for a backend that only aws-vault has, or null. */
export function insteadOfBackend(name: string): Replacement | null {
  return Object.hasOwn(instead, name) ? (instead[name] ?? null) : null;
}
