const [shortest, longest] = [2, 64];

/**
 * The RoleSessionName of a profile's role from the user's template, in which only `{profile}` is
 * still to be replaced. Any text becomes one that AWS accepts (STS API Reference, AssumeRole):
 * other characters become `-`.
 */
export function sessionNameOfProfile(naming: string, profile: string): string {
  return naming
    .replaceAll('{profile}', () => profile)
    .replace(/[^\w+=,.@-]/gu, '-')
    .slice(0, longest)
    .padEnd(shortest, '-');
}
