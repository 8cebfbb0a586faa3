/** The policy that refused a call, according to AWS, and who can change it. */
export interface DeniedBy {
  /** AWS's own text: `with an explicit deny in a service control policy`. */
  readonly clause: string;
  /** Null if the role's own trust policy is as likely a cause as the named policy. */
  readonly advice: string | null;
  /** True if an MFA code, an external_id or another caller may change the answer. */
  readonly mayBeCondition: boolean;
}

/**
 * AWS's addition about the policy that decided (IAM User Guide, "Troubleshoot access denied error
 * messages"): `with an explicit deny in a service control policy`, `because no identity-based
 * policy allows the … action`. Null if there is none.
 */
export function deniedBy(message: string): DeniedBy | null {
  const found = /\b(?:with an explicit deny\b|because (?:no|the)\b).*$/i.exec(message)?.[0];
  const clause = found?.trim().replace(/\.$/, '');
  if (!clause) return null;
  const policy = policies.find(([pattern]) => pattern.test(clause));
  return { clause, advice: policy?.[1] ?? null, mayBeCondition: policy?.[2] ?? true };
}

const policies: readonly (readonly [clause: RegExp, advice: string, mayBeCondition: boolean])[] = [
  [
    /service control polic/i,
    'ask an administrator of your AWS organization: its service control policy overrides every policy of the account',
    false,
  ],
  [
    /resource control polic/i,
    'ask an administrator of your AWS organization: its resource control policy overrides the policies of the role',
    false,
  ],
  [
    /permissions? boundar/i,
    'ask an IAM administrator of the caller’s account: the permissions boundary of the caller has to allow it',
    false,
  ],
  [
    /session polic/i,
    'call without a session policy (policy, policy_arns), or let the one of the calling session allow it',
    false,
  ],
  [/VPC endpoint polic/i, 'the policy of the VPC endpoint that the call goes through has to allow it', false],
  [
    /explicit deny in an identity-based/i,
    'ask an IAM administrator of the caller’s account: a policy of the caller denies it, perhaps without an MFA code',
    true,
  ],
];
