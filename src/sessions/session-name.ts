const [shortest, longest] = [2, 64];

/**
 * The RoleSessionName that a profile's role gets from the user's template, in which only `{profile}` is left to fill in.
 * Any text becomes one that AWS accepts (STS API Reference, AssumeRole): other characters become `-`.
 */
export function sessionNameOfProfile(naming: string, profile: string): string {
  return naming
    .replaceAll('{profile}', () => profile)
    .replace(/[^\w+=,.@-]/gu, '-')
    .slice(0, longest)
    .padEnd(shortest, '-');
}
