/** What aws-vault's other backends (its docs/backends.md) are replaced by. */
const instead: Readonly<Record<string, string>> = {
  kwallet: 'KDE’s wallet answers as the Secret Service: keychain',
  keyctl: 'the kernel’s keyring forgets at a restart; encrypted files do not: file',
  wincred: 'awsh does not run on Windows; in WSL: file or pass',
  winhello: 'awsh does not run on Windows; in WSL: file or pass',
  passage: 'pass keeps items in the same way, encrypted by gpg: pass',
  op: 'there is no 1Password backend: keychain, pass or file',
  'op-connect': 'there is no 1Password backend: keychain, pass or file',
  'op-desktop': 'there is no 1Password backend: keychain, pass or file',
  'proton-pass': 'there is no Proton Pass backend: keychain, pass or file',
};

/** What to use instead of a backend that only aws-vault has, or null. */
export function insteadOfBackend(name: string): string | null {
  return Object.hasOwn(instead, name) ? (instead[name] ?? null) : null;
}
