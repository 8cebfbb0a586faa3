import {
  type AppPaths,
  AwshError,
  type Environment,
  homeFault,
  NoCredentialsError,
  profileOption,
  systemClock,
  type UnknownProfileError,
} from '../system/index.ts';

/**
 * If another backend or aws-vault has the missing key or profile, returns an error that names that
 * place and the command to import it; otherwise returns the error unchanged.
 */
export async function withAwsVaultHint(
  error: NoCredentialsError | UnknownProfileError,
  { environment, paths, cwd }: { environment: Environment; paths: AppPaths; cwd: string },
): Promise<unknown> {
  const { profile, failure, what } = error;
  const home = homeFault(paths.home);
  if (home !== null) return new AwshError(failure, what, home.why, home.next);
  if (profile === undefined) return error;
  const elsewhere =
    error instanceof NoCredentialsError ? await backendHint(profile, environment, paths) : null;
  if (elsewhere !== null) return new AwshError(failure, what, elsewhere.why, elsewhere.next);
  if (error instanceof NoCredentialsError && (await isOutsideIndex(profile, environment, paths)))
    return new AwshError(failure, what, 'the index of stored keys was lost; no key is lost', 'awsh unlock');
  const { keyInAwsVault } = await import('../moving/index.ts');
  const search = { environment, home: paths.home, cwd, mayBeLocked: error instanceof NoCredentialsError };
  const found = await keyInAwsVault(profile, search).catch(() => null);
  return found === null ? error : new AwshError(failure, what, found.why, found.next);
}

/** The other backend that has the key, as a text; null if none has it. */
async function backendHint(
  profile: string,
  environment: Environment,
  paths: AppPaths,
): Promise<{ why: string; next: string } | null> {
  const [{ keyElsewhere, vaultSettings, withVaultSettings }, { readSettings }] = await Promise.all([
    import('../vault/index.ts'),
    import('../settings/index.ts'),
  ]);
  try {
    const settings = withVaultSettings(vaultSettings(environment), readSettings(paths.settings, paths.home));
    const found = keyElsewhere(profile, paths, settings);
    if (found === null) return null;
    const { backend, used, usedHasMore } = found;
    const isByVariable = Boolean(environment.AWSH_BACKEND || environment.AWS_VAULT_BACKEND);
    const change = isByVariable ? `export AWSH_BACKEND=${backend}` : `awsh config set backend ${backend}`;
    const bring = `awsh migrate-backend --from ${backend} --to ${used} ${profileOption(profile)}`;
    return {
      why: `the key is in the backend ${backend}, and awsh uses ${used}`,
      next: usedHasMore ? bring : change,
    };
  } catch {
    return null;
  }
}

/** True if the vault may have the key: the index does not know it, or cannot be read. */
async function isOutsideIndex(profile: string, environment: Environment, paths: AppPaths): Promise<boolean> {
  const [vault, { readSettings }, { silentPrompter }] = await Promise.all([
    import('../vault/index.ts'),
    import('../settings/index.ts'),
    import('../prompt/index.ts'),
  ]);
  try {
    const settings = vault.withVaultSettings(
      vault.vaultSettings(environment),
      readSettings(paths.settings, paths.home),
    );
    const [prompter, clock, notify] = [silentPrompter(), systemClock, () => {}];
    return await vault.isStoredOutsideIndex(profile, {
      ...{ environment, paths, settings },
      ...{ prompter, clock, notify },
    });
  } catch {
    return false;
  }
}
