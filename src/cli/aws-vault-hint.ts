import { type AppPaths, type Environment, NoCredentialsError } from '../system/index.ts';

/** An error that says a key is not in the vault, with where aws-vault has it and the command that brings it; else the error itself. */
export async function withAwsVaultHint(
  error: unknown,
  { environment, paths, cwd }: { environment: Environment; paths: AppPaths; cwd: string },
): Promise<unknown> {
  if (!(error instanceof NoCredentialsError) || error.profile === undefined) return error;
  const { keyInAwsVault } = await import('../moving/index.ts');
  const found = await keyInAwsVault(error.profile, { environment, home: paths.home, cwd }).catch(() => null);
  return found === null ? error : new NoCredentialsError(error.what, found.why, found.next, error.profile);
}
