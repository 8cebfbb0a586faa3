/** Why a shell gets a protected profile: `protected = prod reason=required`. */
import {
  labelWithoutReason,
  type Plan,
  reasonFault,
  reasonOfLabel,
  type SessionReason,
  tellsAwsReason,
} from '../sessions/index.ts';
import type { Protection } from '../settings/index.ts';
import type { LoadRequest } from '../shell/index.ts';
import { CancelledError, printable, shellCommand, UsageError } from '../system/index.ts';
import type { LoadServices } from './load-services.ts';
import type { Wish } from './wish.ts';

/** The shell has it already, for this reason if the wish has one. */
export function isLoaded({ loaded }: Pick<LoadRequest, 'loaded'>, { label, reason }: Wish): boolean {
  if (loaded === null || labelWithoutReason(loaded) !== labelWithoutReason(label)) return false;
  return reason === undefined || reasonOfLabel(loaded) === reason.text;
}

/** The reason, null if none is needed, or why there is none. */
export type LoadReason = { readonly reason: SessionReason | null } | { readonly refusal: string };

/** The pin's reason, or the one for which the shell has the profile already; otherwise the user's answer. */
export async function loadReason(
  wish: Wish,
  protection: Protection | null,
  isAnew: boolean,
  request: LoadRequest,
  services: LoadServices,
): Promise<LoadReason> {
  const as = services.settings.reasonAs;
  if (wish.reason !== undefined) return { reason: { text: checked(wish, wish.reason.text), as } };
  if (!protection?.needsReason) return { reason: null };
  const before = isAnew || !isLoaded(request, wish) ? null : reasonOfLabel(request.loaded ?? '');
  if (before !== null && reasonFault(before) === null) return { reason: { text: before, as } };
  const unasked = 'it is protected and needs a reason, and awsh could not ask you for it here';
  if (request.quiet || request.renew) return { refusal: unasked };
  const shown = printable(wish.profile);
  const text = await services.askReason(`reason for loading ${shown}`).catch((error) => {
    if (error instanceof CancelledError) return undefined;
    throw error;
  });
  if (text === undefined)
    return { refusal: 'it is protected and needs a reason, and the question was cancelled' };
  return text === null ? { refusal: unasked } : { reason: { text, as } };
}

/** A pin can be written by hand. */
function checked({ profile }: Wish, text: string): string {
  const fault = reasonFault(text);
  if (fault === null) return text;
  throw new UsageError('the reason cannot be used', fault, shellCommand`awsh use ${profile}`);
}

/** UsageError if nothing would keep the reason. */
export function requireReasonKept(
  plan: Plan,
  reason: SessionReason | null,
  { settings }: Pick<LoadServices, 'settings'>,
): void {
  if (reason === null || settings.log !== 'off' || tellsAwsReason(plan, reason)) return;
  throw new UsageError(
    'the reason would not be recorded anywhere',
    'AWS accepts no reason for a session of this profile, and log = off',
    'awsh config set log on',
  );
}
