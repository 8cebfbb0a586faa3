/**
 * The AWS config file of a command that `exec --only` runs: its path tells hooks and awsh inside
 * that they have one profile.
 */
export const onlyConfigName = 'config';

export function isOnlyConfig(path: string | undefined): boolean {
  return path !== undefined && /\/only-[0-9]+-[0-9a-f]{16}\/config$/.test(path);
}
