/*
 * The variables that a hook fixes when it is sourced (security rule 24). The launcher, Node and all
 * their children for a hook get these variables with their values at that time, and no others: a
 * directory that sets one later changes nothing. `npm run generate` writes the names into each
 * hook.
 */

/** Also sent with each request, because the agent and its workers need them. */
export const sentVariables = [
  'HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_CACHE_HOME',
  'XDG_RUNTIME_DIR',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CA_BUNDLE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'DBUS_SESSION_BUS_ADDRESS',
  'GNUPGHOME',
  'PASSWORD_STORE_DIR',
] as const;

/** Sent only by a hook: the store that a worker reads for it. */
export const storeVariables = ['DBUS_SESSION_BUS_ADDRESS', 'GNUPGHOME', 'PASSWORD_STORE_DIR'] as const;

/**
 * The variables that the launcher sends as values in one line, in this order, because adding their
 * names would cost time.
 */
export const placeNames = sentVariables.filter(
  (name) => !name.startsWith('AWS_') && !storeVariables.some((store) => store === name),
);

/** Programs, stores, trust anchors, terminal and language of the foreground processes. */
const keptVariables = [
  'PATH',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TERM',
  'TERMINFO',
  'TERMINFO_DIRS',
  'COLORTERM',
  'NO_COLOR',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_ADDRESS',
  'LC_COLLATE',
  'LC_CTYPE',
  'LC_IDENTIFICATION',
  'LC_MEASUREMENT',
  'LC_MESSAGES',
  'LC_MONETARY',
  'LC_NAME',
  'LC_NUMERIC',
  'LC_PAPER',
  'LC_TELEPHONE',
  'LC_TIME',
  'TZ',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_CURRENT_DESKTOP',
  'BROWSER',
  'GPG_TTY',
  'GPG_AGENT_INFO',
  'PINENTRY_USER_DATA',
  'SSH_AUTH_SOCK',
  'PASSWORD_STORE_KEY',
  'PASSWORD_STORE_GPG_OPTS',
  'PASSWORD_STORE_SIGNING_KEY',
  'PASSWORD_STORE_UMASK',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CI',
  'AWSH_AGENT',
] as const;

export const fixedVariables = [...sentVariables, ...keptVariables] as const;

/**
 * Passed on with their present values: the hook's own variables for the launcher, the shell's own
 * folder, and the passphrase, which opens a store but cannot choose one.
 */
export const passedVariables = [
  'AWSH_REQUEST',
  'PWD',
  'AWSH_FILE_PASSPHRASE',
  'AWS_VAULT_FILE_PASSPHRASE',
] as const;
