import type { ValueRule } from './setting-values.ts';

/** `registries = REGISTRY: PROFILE`: the profile whose credentials get a registry's password. */
export interface RegistryProfile {
  /** An account's id, or the full name of a registry's host. */
  readonly registry: string;
  readonly profile: string;
}

export const registryRule: ValueRule<RegistryProfile> = {
  allowed: "REGISTRY: PROFILE; REGISTRY is the id of an account or the name of a registry's host",
  read(value) {
    const [, registry, profile] =
      /^([0-9]{12}|[a-z0-9][a-z0-9.-]*\.[a-z]+):\s+(\S(?:.*\S)?)$/.exec(value) ?? [];
    return registry === undefined || profile === undefined ? undefined : { registry, profile };
  },
};

/** The host's own entry takes precedence over that of its account. */
export function registryProfile(
  { registries }: { readonly registries: readonly RegistryProfile[] },
  { host, account }: { readonly host: string; readonly account: string | null },
): string | null {
  const entryOf = (name: string | null) => registries.find(({ registry }) => registry === name);
  return (entryOf(host) ?? entryOf(account))?.profile ?? null;
}
