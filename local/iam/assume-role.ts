import { AccessDenied } from './access.ts';
import { decide, noRules, type RuleSet } from './decide.ts';
import type { Principal } from './principal.ts';
import { requestKeys } from './request-keys.ts';
import type { Role } from './roles.ts';

/** What a session is asked for: its name, and tags that its policies can ask of it. */
export type SessionRequest = { sessionName: string; tags: Readonly<Record<string, string>> };

/** Who asks: what it may do by its own policies, or everything. */
export type Assuming = { principal: Principal; identity: RuleSet | 'everything' };

/**
 * Throws AccessDenied unless one may take on the role: the role's trust names it, or names the account and its own
 * policies allow it. Tags take an action of their own.
 */
export const checkAssumable = (
  role: Role,
  { principal, identity }: Assuming,
  { tags }: SessionRequest,
  nowMs: number,
): void => {
  const names = Object.keys(tags);
  const context = {
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:RequestTag/${name}`, value])),
    ...(names.length > 0 && { 'aws:TagKeys': names }),
  };
  const keys = requestKeys(context, principal.keys, nowMs);
  for (const action of ['sts:AssumeRole', ...(names.length > 0 ? ['sts:TagSession'] : [])]) {
    const asked = { principal, resource: role.arn, keys };
    const own = identity === 'everything' ? undefined : decide(action, asked, identity, noRules).refusal;
    const account = `arn:aws:iam::${principal.accountId}:root`;
    const arns = own === undefined ? [...principal.arns, account] : principal.arns;
    const trusted = decide(action, { ...asked, principal: { ...principal, arns } }, noRules, role.trust);
    const refusal = own?.isExplicit ? own : trusted.refusal;
    if (refusal !== undefined)
      throw new AccessDenied(principal.name, { action, resource: role.arn }, refusal);
  }
};
