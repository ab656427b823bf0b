import { decide, noRules } from './decide.ts';
import { fixedKeys, requestKeys } from './request-keys.ts';
import type { Role } from './roles.ts';
import { serviceOf } from './services.ts';

/** Throws an Error unless the role lets the caller's service take it on, as AWS refuses the deployment. */
export const checkTrust = (role: Role, callerArn: string, accountId: string, nowMs: number): void => {
  const service = serviceOf(callerArn) ?? callerArn;
  const keys = fixedKeys({ 'aws:SourceAccount': accountId, 'aws:SourceArn': callerArn });
  const decision = decide(
    'sts:AssumeRole',
    {
      principal: { name: service, arns: [], accountId, service, keys },
      resource: role.arn,
      keys: requestKeys({}, keys, nowMs),
    },
    noRules,
    role.trust,
  );
  if (decision.refusal === undefined) return;
  throw new Error(
    `${role.place} (AWS::IAM::Role) does not let ${service} assume it, and ${callerArn} acts by it.`,
  );
};
