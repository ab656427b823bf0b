import { createRuleSet, type RuleSet } from '../iam/decide.ts';
import type { Principal } from '../iam/principal.ts';
import { fixedKeys, requestKeys } from '../iam/request-keys.ts';
import { compilePolicy } from '../iam/rule.ts';

/** The policy that a Lambda authorizer answered with, ready to decide. */
export type ExecutePolicy = RuleSet;

/** Throws an Error where the document is no policy, or one with what is not read here. */
export const readExecutePolicy = (document: unknown): ExecutePolicy =>
  createRuleSet(
    compilePolicy(document, {
      holder: 'authorizer',
      policy: 'policyDocument',
      kind: 'identity',
      report: () => {},
    }),
  );

export type Verdict = 'allowed' | 'denied' | 'explicitly denied';

/** What conditions may ask of a request. */
export type ExecuteContext = {
  methodArn: string;
  sourceIp: string;
  headers: Record<string, string>;
  nowMs: number;
};

const bearer: Principal = { name: 'caller', arns: [], accountId: '', service: undefined, keys: new Map() };

/** Whether the policy lets its bearer call the method; a Deny outweighs every Allow. */
export const evaluatePolicy = (policy: ExecutePolicy, context: ExecuteContext): Verdict => {
  const { methodArn, sourceIp, headers, nowMs } = context;
  const { 'user-agent': userAgent, referer } = headers;
  const asked = fixedKeys({
    'aws:SecureTransport': 'true',
    'aws:SourceIp': sourceIp,
    ...(userAgent === undefined ? {} : { 'aws:UserAgent': userAgent }),
    ...(referer === undefined ? {} : { 'aws:Referer': referer }),
  });
  const request = { principal: bearer, resource: methodArn, keys: requestKeys({}, asked, nowMs) };
  const rules = policy.about('execute-api:Invoke').filter((rule) => rule.applies(request));
  if (rules.some(({ isAllow }) => !isAllow)) return 'explicitly denied';
  return rules.length > 0 ? 'allowed' : 'denied';
};
