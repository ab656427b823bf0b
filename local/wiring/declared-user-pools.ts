import type { Registry } from '../assembly/registry.ts';

export type DeclaredUserPool = { id: string; arn: string; groups: string[]; clientIds: string[] };

/** The user pools of the templates with their groups and app clients. */
export const declaredUserPools = (registry: Registry): DeclaredUserPool[] => {
  const groups = registry.ofType('AWS::Cognito::UserPoolGroup');
  const clients = registry.ofType('AWS::Cognito::UserPoolClient');
  return registry.ofType('AWS::Cognito::UserPool').map((pool) => ({
    id: pool.ref,
    arn: pool.attribute('Arn'),
    groups: groups.filter((group) => group.property('UserPoolId') === pool.ref).map((group) => group.ref),
    clientIds: clients
      .filter((client) => client.property('UserPoolId') === pool.ref)
      .map((client) => client.ref),
  }));
};
