/** directory: finds and reads the directory file, and knows whether the user trusts it. */
export * from './directory-file.ts';
export * from './directory-file-error.ts';
export * from './directory-file-text.ts';
export * from './exchangeable.ts';
export * from './find-directory-file.ts';
export type { DirectoryFileContent } from './parse-directory-file.ts';
export * from './trust-store.ts';
export * from './trusted-by-settings.ts';
