import { expect, test } from 'vitest';
import { evaluatePolicy, policySchema } from '../../../local/apigateway/execute-policy.ts';

const api = 'arn:aws:execute-api:us-east-1:000000000000:abc123';
const method = `${api}/prod/GET/entries/7`;
const allow = (Resource: string | string[], Action: string | string[] = 'execute-api:Invoke') => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const deny = (Resource: string) => ({ Effect: 'Deny', Action: 'execute-api:Invoke', Resource });

test.for([
  { name: 'the method itself', statements: [allow(method)], verdict: 'allowed' },
  { name: 'a star over paths', statements: [allow(`${api}/prod/GET/*`)], verdict: 'allowed' },
  { name: 'a star over verbs', statements: [allow(`${api}/*/*/entries/7`)], verdict: 'allowed' },
  { name: 'a question mark', statements: [allow(`${api}/prod/GET/entries/?`)], verdict: 'allowed' },
  {
    name: 'one of several resources',
    statements: [allow([`${api}/prod/POST/x`, method])],
    verdict: 'allowed',
  },
  { name: 'any action', statements: [allow(method, '*')], verdict: 'allowed' },
  {
    name: 'any action of the service, in any case',
    statements: [allow(method, ['EXECUTE-API:*'])],
    verdict: 'allowed',
  },
  { name: 'another verb', statements: [allow(`${api}/prod/POST/*`)], verdict: 'denied' },
  {
    name: 'a dot is only a dot',
    statements: [allow(method.replace('entries/7', 'entries.7'))],
    verdict: 'denied',
  },
  { name: 'another action', statements: [allow(method, 'execute-api:ManageConnections')], verdict: 'denied' },
  { name: 'no statement', statements: [], verdict: 'denied' },
  { name: 'a Deny beside an Allow', statements: [allow('*'), deny(method)], verdict: 'explicitly denied' },
  {
    name: 'a Deny for something else',
    statements: [allow('*'), deny(`${api}/prod/POST/*`)],
    verdict: 'allowed',
  },
])('$name: $verdict', ({ statements, verdict }) => {
  expect(evaluatePolicy(policySchema.parse({ Statement: statements }), method)).toBe(verdict);
});

test('a single statement need not be in a list', () => {
  expect(evaluatePolicy(policySchema.parse({ Statement: allow(method) }), method)).toBe('allowed');
});
