import type { Registry } from '../assembly/registry.ts';
import { AccessDenied, type AccessNeed, type Authorizer } from './access.ts';
import { type Assuming, checkAssumable } from './assume-role.ts';
import { decide, noRules, type RuleSet } from './decide.ts';
import type { Principal } from './principal.ts';
import { operatorPrincipal, servicePrincipal, sessionPrincipal, unknownPrincipal } from './principals.ts';
import { requestKeys } from './request-keys.ts';
import { readResourcePolicies } from './resource-policies.ts';
import { type Role, readRoles, rolesForUsers } from './roles.ts';
import { callsByRole } from './services.ts';
import { checkTrust } from './trust.ts';
import { createUsageRecord } from './usage.ts';

export type AuthorizerOptions = {
  registry: Registry;
  /** By ARN of function, state machine, rule or schedule: the role it acts by. */
  callers: ReadonlyMap<string, { roleArn: string; sessionName: string }>;
  /** May do everything. */
  operatorArn: string;
  /** The cloud's time, for conditions that ask for it. */
  now?: () => number;
};

type Asking = { principal: Principal; identity: RuleSet };

const readSessions = (
  { callers }: AuthorizerOptions,
  roles: ReadonlyMap<string, Role>,
  accountId: string,
): Map<string, Asking> =>
  new Map(
    [...callers].map(([callerArn, { roleArn, sessionName }]) => {
      const role = roles.get(roleArn);
      const principal = sessionPrincipal({ callerArn, roleArn, sessionName, role, accountId });
      return [callerArn, { principal, identity: role?.identity ?? noRules }];
    }),
  );

/**
 * Decides calls by the policies of the templates; `notEmulated` says, one line each, what of them does not count.
 * Throws an Error that names the place where a policy cannot be read or a caller's service may not take on its role.
 */
export const createAuthorizer = (options: AuthorizerOptions): Authorizer & { notEmulated: string[] } => {
  const { registry, callers, operatorArn, now = Date.now } = options;
  const accountId = operatorArn.split(':')[4] ?? '';
  const notEmulated: string[] = [];
  const report = (line: string) => notEmulated.push(line);
  const rolesOfCallers = [...callers.values()].map(({ roleArn }) => roleArn);
  const roles = readRoles(registry, new Set([...rolesOfCallers, ...rolesForUsers(registry)]), report);
  const resources = readResourcePolicies(registry, report);
  const sessions = readSessions(options, roles, accountId);
  for (const [callerArn, { roleArn }] of callers) {
    const role = roles.get(roleArn);
    if (role !== undefined) checkTrust(role, callerArn, accountId, now());
    else report(`${callerArn}: its role ${roleArn} is not in the templates and allows nothing`);
  }
  const rules = [...[...roles.values()].flatMap(({ identity }) => identity.rules), ...resources.rules];
  const record = createUsageRecord(rules.filter(({ isAllow }) => isAllow).map(({ grant }) => grant));

  let opened = 0;

  const askingFor = (caller: string, action: string): Asking => {
    const session = callsByRole(caller, action) ? sessions.get(caller) : undefined;
    if (session !== undefined) return session;
    const principal = servicePrincipal(caller, accountId) ?? unknownPrincipal(caller, accountId);
    return { principal, identity: noRules };
  };

  const authorizeOne = (caller: string, need: AccessNeed) => {
    const { action, resource, context } = need;
    const { principal, identity } = askingFor(caller, action);
    const request = { principal, resource, keys: requestKeys(context, principal.keys, now()) };
    const decision = decide(action, request, identity, resources.of(resource));
    const isAllowed = decision.refusal === undefined;
    record.add({ caller, action, resource, isAllowed, grants: isAllowed ? decision.grants : [] });
    if (!isAllowed) throw new AccessDenied(principal.name, need, decision.refusal);
  };

  return {
    authorize(caller, needs) {
      if (caller === operatorArn) return;
      for (const need of needs) authorizeOne(caller, need);
    },
    assumeRole(caller, roleArn, request) {
      const role = roles.get(roleArn);
      const assuming: Assuming =
        caller === operatorArn
          ? { principal: operatorPrincipal(operatorArn, accountId), identity: 'everything' }
          : askingFor(caller, 'sts:AssumeRole');
      // As on AWS, a role that is not there cannot be told from one that may not be taken on.
      if (role === undefined)
        throw new AccessDenied(
          assuming.principal.name,
          { action: 'sts:AssumeRole', resource: roleArn },
          { isExplicit: false, policyType: 'identity-based' },
        );
      checkAssumable(role, assuming, request, now());
      const { sessionName, tags } = request;
      const [head = '', name = ''] = roleArn.replace(':iam:', ':sts:').split(':role/');
      // Sessions of one name are many: each is a caller of its own.
      const session = `${head}:assumed-role/${name.split('/').at(-1)}/${++opened}/${sessionName}`;
      const principal = sessionPrincipal({ callerArn: session, roleArn, sessionName, role, accountId, tags });
      sessions.set(session, { principal, identity: role.identity });
      return { caller: session, arn: principal.name, userId: `${role.uniqueId}:${sessionName}` };
    },
    usage: record.usage,
    notEmulated,
  };
};
