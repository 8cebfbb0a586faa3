/**
 * Checks the plans of many profiles of the same files. Each profile in a chain of sources is
 * checked once, not again for each profile that uses it.
 */
import { chainLinks, hasKeysBesideRole, type ResolvedProfile } from '../profiles/index.ts';
import { AwshError } from '../system/index.ts';
import { checkPlan, checkSteps } from './plan.ts';
import type { PlanRequest } from './plan-request.ts';
import type { Plan } from './plan-steps.ts';
import { chainAbove, findChain, type ProfileChain } from './profile-chain.ts';

/**
 * The result for a profile: the number of links and roles in its chain, and either the chain or the
 * error.
 */
interface Checked {
  readonly links: number;
  readonly roles: number;
  readonly chain: ProfileChain | AwshError;
}

/** A profile, and the next link of its chain. */
interface Link {
  readonly isRole: boolean;
  /**
   * Null at the end of the chain, if it leads nowhere, and if one of the two profiles is another
   * link in other chains.
   */
  readonly source: string | null;
}

/**
 * With fewer links below it, the result for a profile may depend on the whole chain: on a shared
 * session, or on the profile that uses a key.
 */
const least = { links: 3, roles: 2 } as const;

export class PlanChecker {
  readonly #request: Omit<PlanRequest, 'profile'>;
  readonly #hasKeys: (name: string) => boolean;
  readonly #checked = new Map<string, Checked>();

  /** The environment counts as empty, as for a directory. */
  constructor({ files, keys }: Pick<PlanRequest, 'files' | 'keys'>) {
    this.#request = { files, keys, environment: {} };
    const stored = new Set(keys.map(({ profile }) => profile));
    this.#hasKeys = (name) => stored.has(name);
  }

  /** Throws as planFor does. */
  check(profile: string): Pick<Plan, 'caBundle' | 'caBundlePlace'> {
    const path = new Map<string, Link>();
    for (let next: string | null = profile; next !== null && !this.#checked.has(next) && !path.has(next); ) {
      const link = this.#linkOf(next);
      path.set(next, link);
      next = link.source;
    }
    for (const [name, link] of [...path].reverse()) this.#checked.set(name, this.#look(name, link));
    const chain = this.#checked.get(profile)?.chain;
    if (chain instanceof AwshError) throw chain;
    return checkPlan({ ...this.#request, profile }, chain);
  }

  #linkOf(name: string): Link {
    try {
      const [own, next]: Iterable<ResolvedProfile | undefined> = chainLinks(
        this.#request.files,
        name,
        this.#hasKeys,
      );
      const isFixed = [own, next].every((link) => link === undefined || !hasKeysBesideRole(link));
      const isRole = Boolean(own?.properties.get('role_arn')?.value);
      return { isRole, source: isFixed ? (next?.name ?? null) : null };
    } catch (error) {
      if (error instanceof AwshError) return { isRole: false, source: null };
      throw error;
    }
  }

  #look(profile: string, { isRole, source }: Link): Checked {
    // In a cycle the source is not known yet.
    const below = source === null ? undefined : this.#checked.get(source);
    const isKnown =
      below !== undefined && below.links >= least.links && (!isRole || below.roles >= least.roles);
    const counts = { links: (below?.links ?? 0) + 1, roles: (below?.roles ?? 0) + (isRole ? 1 : 0) };
    try {
      const request = { ...this.#request, profile };
      const chain = isKnown ? chainAbove(request, below.chain) : findChain(request);
      checkSteps(chain, request);
      return { ...counts, chain };
    } catch (error) {
      if (error instanceof AwshError) return { ...counts, chain: error };
      throw error;
    }
  }
}
