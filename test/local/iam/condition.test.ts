import { expect, test } from 'vitest';
import { compileCondition } from '../../../local/iam/condition.ts';
import { fixedKeys, requestKeys } from '../../../local/iam/request-keys.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

const variable = (key: string) => `\${${key}}`;

const isMet = (
  operator: string,
  key: string,
  wanted: string[],
  context: Record<string, string | string[]> = {},
) =>
  compileCondition(
    { [operator]: { [key]: wanted } },
    'Shop/Role',
  )(requestKeys(context, fixedKeys({ 'aws:PrincipalArn': 'arn:aws:iam::0:role/r' }), now));

const arn = 'arn:aws:states:us-east-1:0:stateMachine:Order';

test.for([
  ['StringEquals', ['a'], 'a', true],
  ['StringEquals', ['A'], 'a', false],
  ['StringEquals', ['b', 'a'], 'a', true],
  ['StringEquals', ['a*'], 'ab', false],
  ['StringNotEquals', ['a'], 'b', true],
  ['StringNotEquals', ['a', 'b'], 'b', false],
  ['StringEqualsIgnoreCase', ['Anna@EXAMPLE.com'], 'anna@example.com', true],
  ['StringNotEqualsIgnoreCase', ['A'], 'a', false],
  ['StringLike', ['*@example.com'], 'a@example.com', true],
  ['StringNotLike', ['*@example.com'], 'a@example.com', false],
  ['ArnEquals', [arn], arn, true],
  ['ArnEquals', ['arn:aws:states:*:*:stateMachine:*'], arn, true],
  ['ArnLike', ['arn:aws:states:us-east-1:0:*:Order'], arn, true],
  ['ArnLike', ['arn:aws:*'], arn, false],
  ['ArnLike', ['arn:aws:states:*:stateMachine:Order'], arn, false],
  ['ArnLike', ['arn:aws:states:*:*:*'], 'arn:aws:states', false],
  ['ArnNotLike', ['arn:aws:sqs:*:*:*'], arn, true],
  ['ArnNotEquals', [arn], arn, false],
  ['Bool', ['true'], 'True', true],
  ['Bool', ['false'], 'true', false],
  ['IpAddress', ['10.0.0.0/8', '203.0.113.0/24'], '203.0.113.7', true],
  ['IpAddress', ['203.0.113.7'], '203.0.113.8', false],
  ['IpAddress', ['2001:db8::/32'], '2001:db8::1', true],
  ['IpAddress', ['0.0.0.0/0'], 'nowhere', false],
  ['NotIpAddress', ['10.0.0.0/8'], '203.0.113.7', true],
  ['NumericEquals', ['10'], '10.0', true],
  ['NumericNotEquals', ['10'], '11', true],
  ['NumericLessThan', ['1.2'], '1.3', false],
  ['NumericLessThanEquals', ['10'], '10', true],
  ['NumericGreaterThan', ['10'], '9', false],
  ['NumericGreaterThanEquals', ['10'], '10', true],
  ['NumericEquals', ['0'], '', false],
  ['NumericLessThan', ['10'], 'many', false],
  ['DateEquals', ['2026-01-01T00:00:00Z'], '2026-01-01T01:00:00+01:00', true],
  ['DateNotEquals', ['2026-01-01T00:00:00Z'], '2026-01-01T00:00:00Z', false],
  ['DateGreaterThan', ['2026-01-01T00:00:00Z'], '1767225601', true],
  ['DateLessThan', ['2026-01-01T00:00:00Z'], '2026-01-01T00:00:00Z', false],
  ['DateLessThanEquals', ['2026-01-01T00:00:00Z'], '2026-01-01T00:00:00Z', true],
  ['DateGreaterThanEquals', ['2026-01-02T00:00:00Z'], '2026-01-01T00:00:00Z', false],
] as const)('%s %j of "%s" is %s', ([operator, wanted, value, expected]) => {
  expect(isMet(operator, 's3:prefix', [...wanted], { 's3:prefix': value })).toBe(expected);
});

test.for([
  ['StringEquals', false],
  ['StringNotEquals', true],
  ['StringEqualsIfExists', true],
  ['StringNotEqualsIfExists', true],
  ['ArnLike', false],
  ['ArnNotLike', true],
  ['Bool', false],
  ['BoolIfExists', true],
  ['ForAllValues:StringEquals', true],
  ['ForAnyValue:StringEquals', false],
  ['ForAnyValue:StringNotEquals', false],
  ['ForAnyValue:StringEqualsIfExists', true],
] as const)('%s of a key that the request has not is %s', ([operator, expected]) => {
  expect(isMet(operator, 's3:prefix', ['a'])).toBe(expected);
});

test.for([
  ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
  ['ForAllValues:StringEquals', ['a'], ['a', 'b'], false],
  ['ForAllValues:StringEquals', ['a'], [], true],
  ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
  ['ForAllValues:StringNotEquals', ['a'], ['b', 'a'], false],
  ['ForAnyValue:StringEquals', ['a'], ['b', 'a'], true],
  ['ForAnyValue:StringEquals', ['a'], ['b'], false],
  ['ForAnyValue:StringLike', ['*@example.com'], ['x', 'a@example.com'], true],
  ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
  ['StringEquals', ['a'], ['b', 'a'], true],
  ['StringNotEquals', ['a'], ['b', 'a'], false],
] as const)('%s %j of the values %j is %s', ([operator, wanted, values, expected]) => {
  const context = { 'dynamodb:LeadingKeys': [...values] };
  expect(isMet(operator, 'dynamodb:LeadingKeys', [...wanted], context)).toBe(expected);
});

test.for<{ wanted: string; context: Record<string, string>; expected: boolean }>([
  { wanted: 'true', context: {}, expected: true },
  { wanted: 'false', context: {}, expected: false },
  { wanted: 'true', context: { 's3:prefix': '' }, expected: false },
  { wanted: 'false', context: { 's3:prefix': '' }, expected: true },
])('Null $wanted asks whether the key is absent: $expected', ({ wanted, context, expected }) => {
  expect(isMet('Null', 's3:prefix', [wanted], context)).toBe(expected);
});

test('keys are the same in whatever case they are written', () => {
  expect(isMet('StringEquals', 'AWS:principalARN', ['arn:aws:iam::0:role/r'])).toBe(true);
  expect(isMet('StringEquals', 'S3:Prefix', ['a'], { 's3:prefix': 'a' })).toBe(true);
});

test('the values wanted may hold variables', () => {
  expect(
    isMet('ArnEquals', 'aws:SourceArn', [variable('aws:PrincipalArn')], {
      'aws:SourceArn': 'arn:aws:iam::0:role/r',
    }),
  ).toBe(true);
  expect(isMet('StringNotEquals', 's3:prefix', [variable('aws:userid')], { 's3:prefix': 'a' })).toBe(true);
});

test('time is asked in both ways', () => {
  expect(isMet('DateLessThan', 'aws:CurrentTime', ['2026-03-01T12:00:01Z'])).toBe(true);
  expect(isMet('DateGreaterThan', 'aws:CurrentTime', ['2026-03-01T12:00:01Z'])).toBe(false);
  expect(isMet('NumericEquals', 'aws:EpochTime', [String(now / 1000)])).toBe(true);
});

test('every operator and every key of a statement must hold', () => {
  const condition = compileCondition(
    {
      StringEquals: { 's3:prefix': ['a'], 's3:delimiter': ['/'] },
      Bool: { 'aws:SecureTransport': ['true'] },
    },
    'Shop/Role',
  );
  const of = (context: Record<string, string>) => condition(requestKeys(context, fixedKeys({}), now));
  const all = { 's3:prefix': 'a', 's3:delimiter': '/', 'aws:SecureTransport': 'true' };
  expect(of(all)).toBe(true);
  for (const key of Object.keys(all)) expect(of({ ...all, [key]: 'other' })).toBe(false);
});

test.for(['BinaryEquals', 'StringMatches', 'ForAllValues:Never', 'NullIfExists'])(
  'the operator %s is refused with its place, never skipped',
  (operator) => {
    expect(() => compileCondition({ [operator]: { 's3:prefix': ['a'] } }, 'Shop/Role/Statement/2')).toThrow(
      `Shop/Role/Statement/2 has the condition ${operator}, which is not read here.`,
    );
  },
);
