import type { Context } from '../cli/index.ts';
import { ssoSignIns } from '../sessions/index.ts';
import { AwshError, printable } from '../system/index.ts';

/**
 * Says which sign-ins of the AWS CLI stay, for whoever takes `lock` or `clear` for the end of them. The tokens are not
 * awsh's to remove: other programs use them, and only `aws sso logout` makes AWS forget them, too.
 */
export async function saySignInsStay(context: Context, profile: string | null = null): Promise<void> {
  const names = (await signIns(context, profile)).map(printable).join(', ');
  if (names === '') return;
  context.output.tell(`awsh: the AWS CLI stays signed in to ${names}; to sign out: aws sso logout`);
}

async function signIns(context: Context, profile: string | null): Promise<string[]> {
  const { environment, clock } = context;
  try {
    const files = await context.awsFiles();
    return ssoSignIns(files, profile, { surroundings: environment, now: clock.now() });
  } catch (error) {
    // A config file that cannot be read is no reason for either of them to fail.
    if (error instanceof AwshError) return [];
    throw error;
  }
}
