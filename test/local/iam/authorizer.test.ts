import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessNeed } from '../../../local/iam/access.ts';
import { dynamodbNeeds } from '../../../local/iam/needs/dynamodb.ts';
import type { JsonValue } from '../../../local/json.ts';
import { authorizerOf, functionArn, operatorArn, roleWith, sessionArn } from './small-app.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Orders';
const put: AccessNeed = { action: 'dynamodb:PutItem', resource: table };

/** Why the function is refused; undefined when it is allowed. */
const refusal = (statements: JsonValue[], need: AccessNeed = put): string | undefined => {
  const { authorize } = authorizerOf({ Role: roleWith(...statements) });
  try {
    authorize(functionArn, [need]);
    return undefined;
  } catch (error) {
    return String(error);
  }
};

const allow = (Action: JsonValue, Resource: JsonValue, more: Record<string, JsonValue> = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

describe('a statement of a role', () => {
  test.for<{ name: string; statement: Record<string, JsonValue>; isAllowed: boolean }>([
    { name: 'its action and resource', statement: allow('dynamodb:PutItem', table), isAllowed: true },
    {
      name: 'one of several',
      statement: allow(['s3:GetObject', 'dynamodb:PutItem'], ['x', table]),
      isAllowed: true,
    },
    { name: 'an action in other case', statement: allow('DynamoDB:putitem', table), isAllowed: true },
    { name: 'wildcards', statement: allow('dynamodb:Put*', `${table.slice(0, -3)}*`), isAllowed: true },
    { name: 'everything', statement: allow('*', '*'), isAllowed: true },
    { name: 'another action', statement: allow('dynamodb:UpdateItem', table), isAllowed: false },
    { name: 'another resource', statement: allow('dynamodb:PutItem', `${table}2`), isAllowed: false },
    {
      name: 'a resource in other case',
      statement: allow('dynamodb:PutItem', table.toLowerCase()),
      isAllowed: false,
    },
    {
      name: 'the table of an index only',
      statement: allow('dynamodb:PutItem', `${table}/index/*`),
      isAllowed: false,
    },
    {
      name: 'all actions but others',
      statement: { Effect: 'Allow', NotAction: ['s3:*', 'iam:*'], Resource: table },
      isAllowed: true,
    },
    {
      name: 'all actions but this',
      statement: { Effect: 'Allow', NotAction: ['s3:*', 'dynamodb:put*'], Resource: table },
      isAllowed: false,
    },
    {
      name: 'all resources but others',
      statement: { Effect: 'Allow', Action: 'dynamodb:*', NotResource: [`${table}2`, 'arn:aws:s3:::*'] },
      isAllowed: true,
    },
    {
      name: 'all resources but this',
      statement: { Effect: 'Allow', Action: 'dynamodb:*', NotResource: [`${table}*`] },
      isAllowed: false,
    },
    {
      name: 'a condition that holds',
      statement: allow('*', '*', { Condition: { Bool: { 'aws:SecureTransport': true } } }),
      isAllowed: true,
    },
    {
      name: 'a condition that does not',
      statement: allow('*', '*', { Condition: { StringEquals: { 'aws:PrincipalAccount': '111111111111' } } }),
      isAllowed: false,
    },
  ])('that allows $name: $isAllowed', ({ statement, isAllowed }) => {
    expect(refusal([statement]) === undefined).toBe(isAllowed);
  });

  test('that denies outweighs those that allow, wherever it stands', () => {
    const deny = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' };
    for (const statements of [
      [allow('*', '*'), deny],
      [deny, allow('*', '*')],
    ]) {
      expect(refusal(statements)).toMatch(/with an explicit deny in an identity-based policy$/);
    }
  });

  test('with a variable is filled in from the caller', () => {
    const resource = `${table}-\${aws:PrincipalAccount}`;
    const statement = allow('dynamodb:PutItem', resource);
    expect(refusal([statement], { ...put, resource: `${table}-000000000000` })).toBeUndefined();
    expect(refusal([statement], { ...put, resource: `${table}-111111111111` })).toBeDefined();
  });
});

test.for<{ key: string; value: string }>([
  { key: 'aws:PrincipalArn', value: 'arn:aws:iam::000000000000:role/Shop-Role' },
  { key: 'aws:PrincipalType', value: 'AssumedRole' },
  { key: 'aws:PrincipalIsAWSService', value: 'false' },
  { key: 'aws:ResourceAccount', value: '000000000000' },
  { key: 'aws:ViaAWSService', value: 'false' },
  { key: 'lambda:SourceFunctionArn', value: functionArn },
  { key: 's3:TlsVersion', value: '1.3' },
  { key: 's3:prefix', value: 'orders/' },
])('conditions may ask for $key', ({ key, value }) => {
  const need = {
    action: 's3:ListBucket',
    resource: 'arn:aws:s3:::shop',
    context: { 's3:prefix': 'orders/' },
  };
  const wanting = (wanted: string) => [allow('*', '*', { Condition: { StringEquals: { [key]: wanted } } })];
  expect(refusal(wanting(value), need)).toBeUndefined();
  expect(refusal(wanting('other'), need)).toBeDefined();
});

test('conditions on the time ask the clock of the cloud', () => {
  let now = Date.parse('2026-03-01T00:00:00Z');
  const until = { DateLessThan: { 'aws:CurrentTime': '2026-03-02T00:00:00Z' } };
  const role = roleWith(allow('dynamodb:PutItem', table, { Condition: until }));
  const { authorize } = authorizerOf({ Role: role }, { now: () => now });
  authorize(functionArn, [put]);
  now += 86_400_000;
  expect(() => authorize(functionArn, [put])).toThrow('is not authorized to perform');
});

test('a role may be bound to the items of one partition', () => {
  const bound = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['ann'] } };
  const statements = [allow('dynamodb:*', table, { Condition: bound })];
  const place = { region: 'us-east-1', accountId: '000000000000', partitionKeyOf: () => 'owner' };
  const refusalOf = (...owners: string[]) => {
    const Keys = owners.map((owner) => ({ owner: { S: owner } }));
    const [need] = dynamodbNeeds('BatchGetItem', { RequestItems: { Orders: { Keys } } }, place);
    return refusal(statements, need);
  };
  expect(refusalOf('ann')).toBeUndefined();
  expect(refusalOf('ann', 'ben')).toBeDefined();
});

test('a refusal names the session of the role', () => {
  expect(refusal([])).toContain(
    `User: ${sessionArn} is not authorized to perform: dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
  );
});

test('a call that takes several permissions is refused for the first that is missing', () => {
  const { authorize } = authorizerOf({ Role: roleWith(allow('dynamodb:PutItem', table)) });
  const others = ['dynamodb:DeleteItem', 'dynamodb:UpdateItem'].map((action) => ({
    action,
    resource: table,
  }));
  expect(() => authorize(functionArn, [put, ...others])).toThrow('to perform: dynamodb:DeleteItem');
});

test('the operator may do everything, one without a role nothing', () => {
  const { authorize } = authorizerOf({ Role: roleWith(allow('*', '*')) });
  expect(() => authorize(operatorArn, [put])).not.toThrow();
  const other = `${functionArn}2`;
  expect(() => authorize(other, [put])).toThrow(
    `User: ${other} is not authorized to perform: dynamodb:PutItem on resource: ${table} because no identity-based policy`,
  );
});

describe('the order of statements', () => {
  const word = fc.constantFrom('a', 'b', '*');
  const statement = fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: word.map((name) => `s3:${name}`),
    Resource: word.map((name) => `arn:aws:s3:::${name}`),
  });

  test('never matters: what allows and is not denied is allowed', () => {
    const statements = fc.array(statement, { maxLength: 5 });
    const asked = fc.record({ action: fc.constantFrom('a', 'b'), resource: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(statements, asked, (given, { action, resource }) => {
        const covers = (pattern: string, name: string) => pattern.endsWith('*') || pattern.endsWith(name);
        const about = given.filter(
          ({ Action, Resource }) => covers(Action, action) && covers(Resource, resource),
        );
        const effects = about.map(({ Effect }) => Effect);
        const expected = effects.includes('Allow') && !effects.includes('Deny');
        const need = { action: `s3:${action}`, resource: `arn:aws:s3:::${resource}` };
        expect(refusal(given, need) === undefined).toBe(expected);
      }),
    );
  });
});
