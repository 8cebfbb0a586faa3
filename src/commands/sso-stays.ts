import type { Context } from '../cli/index.ts';
import { loginSignIns, ssoSignIns } from '../sessions/index.ts';
import { AwshError, operandWord, printable } from '../system/index.ts';

/**
 * Names the sign-ins to Identity Center and by `aws login` that stay, because a user may expect
 * `lock` or `clear` to end them. Other programs share them, and only a logout revokes them at AWS.
 */
export async function saySignInsStay(context: Context, profile: string | null = null): Promise<void> {
  const names = await signIns(context, profile);
  const [only, ...others] = names;
  if (only === undefined) return;
  const command = others.length === 0 ? `awsh sso logout ${operandWord(only)}` : 'awsh sso logout --all';
  context.output.tell(
    `awsh: you stay signed in to ${names.map(printable).join(', ')}; to sign out: ${command}`,
  );
}

async function signIns(context: Context, profile: string | null): Promise<string[]> {
  const { environment, clock } = context;
  try {
    const files = await context.awsFiles();
    const facts = { surroundings: environment, now: clock.now() };
    const logins = loginSignIns(files, profile, facts).map((key) => key.profile);
    return [...ssoSignIns(files, profile, facts), ...logins];
  } catch (error) {
    // An unreadable config file must not make either of them fail.
    if (error instanceof AwshError) return [];
    throw error;
  }
}
