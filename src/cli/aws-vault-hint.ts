import {
  type AppPaths,
  AwshError,
  type Environment,
  NoCredentialsError,
  UnknownProfileError,
} from '../system/index.ts';

/**
 * An error that says a key or a profile is not there, with where aws-vault has such a key and the command that brings it; else the
 * error itself.
 */
export async function withAwsVaultHint(
  error: unknown,
  { environment, paths, cwd }: { environment: Environment; paths: AppPaths; cwd: string },
): Promise<unknown> {
  if (!(error instanceof NoCredentialsError || error instanceof UnknownProfileError)) return error;
  const { profile, failure, what } = error;
  if (profile === undefined) return error;
  const { keyInAwsVault } = await import('../moving/index.ts');
  const search = { environment, home: paths.home, cwd, mayBeLocked: error instanceof NoCredentialsError };
  const found = await keyInAwsVault(profile, search).catch(() => null);
  return found === null ? error : new AwshError(failure, what, found.why, found.next);
}
