import { createRegistry, type Registry } from '../../../local/assembly/registry.ts';
import { createAuthorizer } from '../../../local/iam/authorizer.ts';
import type { JsonValue } from '../../../local/json.ts';

export type Resources = Record<string, { Type: string; Properties?: Record<string, JsonValue> }>;

export const place = { region: 'us-east-1', accountId: '000000000000' };
export const operatorArn = 'arn:aws:iam::000000000000:user/operator';
export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:Shop-Work';
export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Shop-Order';
export const ruleArn = 'arn:aws:events:us-east-1:000000000000:rule/Shop-Nightly';
export const roleArn = 'arn:aws:iam::000000000000:role/Shop-Role';
export const sessionArn = 'arn:aws:sts::000000000000:assumed-role/Shop-Role/Shop-Work';

/** The stack `Shop` of these resources. */
export const registryOf = (resources: Resources): Registry => {
  const Resources = Object.fromEntries(
    Object.entries(resources).map(([id, { Type, Properties = {} }]) => [id, { Type, Properties }]),
  );
  const template = { Parameters: {}, Mappings: {}, Conditions: {}, Resources, Outputs: {} };
  return createRegistry({
    assembly: { stacks: [{ name: 'Shop', template }], assets: new Map() },
    place: { ...place, sqsUrl: 'http://127.0.0.1:4100', cognitoUrl: 'http://127.0.0.1:4200' },
  });
};

export const document = (...statements: JsonValue[]): JsonValue => ({
  Version: '2012-10-17',
  Statement: statements,
});

export const trusting = (service: string): JsonValue =>
  document({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' });

/** A role that Lambda may take on, with these statements in an inline policy. */
export const roleWith = (...statements: JsonValue[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
    Policies: [{ PolicyName: 'Own', PolicyDocument: document(...statements) }],
  },
});

/** Decides for the function `Work`, which acts by the role `Role`. */
export const authorizerOf = (
  resources: Resources,
  options: Partial<Parameters<typeof createAuthorizer>[0]> = {},
) =>
  createAuthorizer({
    registry: registryOf(resources),
    callers: new Map([[functionArn, { roleArn, sessionName: 'Shop-Work' }]]),
    operatorArn,
    ...options,
  });
