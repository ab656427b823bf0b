import type { Refusal } from './access.ts';
import type { Grant } from './grant.ts';
import type { Request, Rule } from './rule.ts';

/** The rules of one role or resource; they are asked by action, and what was found is kept. */
export type RuleSet = { rules: readonly Rule[]; about(action: string): readonly Rule[] };

export const createRuleSet = (rules: readonly Rule[]): RuleSet => {
  const byAction = new Map<string, readonly Rule[]>();
  return {
    rules,
    about(action) {
      const known = byAction.get(action);
      if (known !== undefined) return known;
      const lowerCase = action.toLowerCase();
      const found = rules.filter((rule) => rule.isAbout(lowerCase));
      byAction.set(action, found);
      return found;
    },
  };
};

export const noRules = createRuleSet([]);

export type Decision = { grants: readonly Grant[]; refusal?: undefined } | { refusal: Refusal };

/**
 * AWS's logic within one account: an explicit Deny anywhere refuses; otherwise an Allow of either side is enough.
 * A service has no policies of its own, so it needs the resource's. `grants` are all that allow it.
 */
export const decide = (action: string, request: Request, identity: RuleSet, resource: RuleSet): Decision => {
  const applying = (set: RuleSet) => set.about(action).filter((rule) => rule.applies(request));
  const byIdentity = applying(identity);
  const byResource = applying(resource);
  const isDeny = ({ isAllow }: Rule) => !isAllow;
  if (byIdentity.some(isDeny)) return { refusal: { isExplicit: true, policyType: 'identity-based' } };
  if (byResource.some(isDeny)) return { refusal: { isExplicit: true, policyType: 'resource-based' } };
  const grants = [...byIdentity, ...byResource].map(({ grant }) => grant);
  if (grants.length > 0) return { grants };
  const policyType = request.principal.service === undefined ? 'identity-based' : 'resource-based';
  return { refusal: { isExplicit: false, policyType } };
};
