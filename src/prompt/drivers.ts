/** The ways to ask the user, by aws-vault's names. */
export const promptDrivers = ['terminal', 'zenity', 'kdialog', 'osascript', 'ykman', 'pass-otp'] as const;
export type PromptDriver = (typeof promptDrivers)[number];

/** A driver by its name, or by aws-vault's if that differs; null for any other. */
export function parsePromptDriver(text: string): PromptDriver | null {
  return text === 'pass' ? 'pass-otp' : (promptDrivers.find((known) => known === text) ?? null);
}
