import * as z from 'zod';
import type { Registry, Resource } from '../assembly/registry.ts';
import { createRuleSet, type RuleSet } from './decide.ts';
import { awsManagedPolicy } from './managed-policies.ts';
import { compilePolicy, type PolicyPlace, type Rule } from './rule.ts';

/** A role of the templates: what it may do, and who may take it on. */
export type Role = {
  arn: string;
  /** Stack and logical id. */
  place: string;
  uniqueId: string;
  identity: RuleSet;
  trust: RuleSet;
};

const inlineSchema = z.array(z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() })).default([]);
const textsSchema = z.array(z.string()).default([]);

/** Not `read`: what the other properties refer to may have no counterpart here. */
const property = <T>(resource: Resource, name: string, schema: z.ZodType<T>): T => {
  const parsed = schema.safeParse(resource.property(name));
  if (parsed.success) return parsed.data;
  throw new Error(`${placeOf(resource)}/${name} is not as expected: ${z.prettifyError(parsed.error)}`);
};

const placeOf = ({ stackName, logicalId }: Resource): string => `${stackName}/${logicalId}`;

const attachedTo = (registry: Registry, role: Resource): Resource[] => {
  const arns = property(role, 'ManagedPolicyArns', textsSchema);
  const isAttached = (policy: Resource) =>
    property(policy, 'Roles', textsSchema).includes(role.ref) || arns.includes(policy.ref);
  return registry.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').filter(isAttached);
};

const rulesOf = (registry: Registry, role: Resource, report: (line: string) => void): Rule[] => {
  const holder = role.attribute('Arn');
  const compile = (document: unknown, policy: string): Rule[] =>
    compilePolicy(document, { holder, policy, kind: 'identity', report });
  const attached = attachedTo(registry, role);
  const own = attached.map(({ ref }) => ref);
  const managed = property(role, 'ManagedPolicyArns', textsSchema).flatMap((arn) => {
    if (own.includes(arn)) return [];
    const document = awsManagedPolicy(arn);
    if (document !== undefined) return compile(document, arn);
    report(`AWS::IAM::Role (${role.logicalId}): policy ${arn} is not known here and allows nothing`);
    return [];
  });
  if (role.property('PermissionsBoundary') !== undefined) {
    report(`AWS::IAM::Role (${role.logicalId}): its permissions boundary does not limit it`);
  }
  return [
    ...property(role, 'Policies', inlineSchema).flatMap(({ PolicyName: name, PolicyDocument: document }) =>
      compile(document, `${placeOf(role)}/Policies/${name}`),
    ),
    ...attached.flatMap((policy) => compile(policy.property('PolicyDocument'), placeOf(policy))),
    ...managed,
  ];
};

const readRole = (registry: Registry, role: Resource, report: (line: string) => void): Role => {
  const arn = role.attribute('Arn');
  const place = placeOf(role);
  const trust: PolicyPlace = {
    holder: arn,
    policy: `${place}/AssumeRolePolicyDocument`,
    kind: 'trust',
    report,
  };
  return {
    arn,
    place,
    uniqueId: role.attribute('RoleId'),
    identity: createRuleSet(rulesOf(registry, role, report)),
    trust: createRuleSet(compilePolicy(role.property('AssumeRolePolicyDocument'), trust)),
  };
};

const trustSchema = z.object({ Statement: z.unknown() });
const userStatement = z.object({ Principal: z.object({ AWS: z.union([z.string(), z.array(z.string())]) }) });

/** Roles that users and other roles may take on, not services alone. */
export const rolesForUsers = (registry: Registry): string[] =>
  registry
    .ofType('AWS::IAM::Role')
    .filter((role) => {
      const trust = trustSchema.safeParse(role.property('AssumeRolePolicyDocument')).data;
      return [trust?.Statement].flat().some((statement) => userStatement.safeParse(statement).success);
    })
    .map((role) => role.attribute('Arn'));

/**
 * The roles of these ARNs with every policy attached to them; `report` is told, one line each, what of them does
 * not count here. Throws an Error that names the place of what cannot be read.
 */
export const readRoles = (
  registry: Registry,
  arns: ReadonlySet<string>,
  report: (line: string) => void,
): Map<string, Role> =>
  new Map(
    registry
      .ofType('AWS::IAM::Role')
      .filter((role) => arns.has(role.attribute('Arn')))
      .map((role) => [role.attribute('Arn'), readRole(registry, role, report)]),
  );
