import { expect, test } from 'vitest';
import { evaluatePolicy, readExecutePolicy } from '../../../local/apigateway/execute-policy.ts';

const api = 'arn:aws:execute-api:us-east-1:000000000000:abc123';
const method = `${api}/prod/GET/entries/7`;
const context = {
  methodArn: method,
  sourceIp: '203.0.113.7',
  headers: { 'user-agent': 'partner/1.0' },
  nowMs: Date.parse('2026-03-02T08:00:00Z'),
};
const allow = (Resource: string | string[], Action: string | string[] = 'execute-api:Invoke') => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const deny = (Resource: string) => ({ Effect: 'Deny', Action: 'execute-api:Invoke', Resource });
const allowIf = (Condition: object) => ({ ...allow(method), Condition });
const evaluate = (Statement: unknown) =>
  evaluatePolicy(readExecutePolicy({ Version: '2012-10-17', Statement }), context);

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
  {
    name: 'everything but another action',
    statements: [{ Effect: 'Allow', NotAction: 'execute-api:ManageConnections', Resource: '*' }],
    verdict: 'allowed',
  },
  {
    name: 'everything but this action',
    statements: [{ Effect: 'Allow', NotAction: 'execute-api:*', Resource: '*' }],
    verdict: 'denied',
  },
  {
    name: 'every method but others',
    statements: [{ Effect: 'Allow', Action: '*', NotResource: `${api}/prod/POST/*` }],
    verdict: 'allowed',
  },
  {
    name: 'a network that the caller is in',
    statements: [allowIf({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] } })],
    verdict: 'allowed',
  },
  {
    name: 'another network',
    statements: [allowIf({ IpAddress: { 'aws:SourceIp': '203.0.114.0/24' } })],
    verdict: 'denied',
  },
  {
    name: 'a Deny for all but a network',
    statements: [allow('*'), { ...deny('*'), Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
    verdict: 'explicitly denied',
  },
  {
    name: 'a time that is not over',
    statements: [allowIf({ DateLessThan: { 'aws:CurrentTime': '2026-03-02T08:00:01Z' } })],
    verdict: 'allowed',
  },
  {
    name: 'a time that is over',
    statements: [allowIf({ DateLessThan: { 'aws:CurrentTime': '2026-03-02T08:00:00Z' } })],
    verdict: 'denied',
  },
  {
    name: 'a user agent',
    statements: [allowIf({ StringLike: { 'aws:UserAgent': 'partner/*' } })],
    verdict: 'allowed',
  },
  {
    name: 'a header that did not come',
    statements: [allowIf({ StringLike: { 'aws:Referer': '*' } })],
    verdict: 'denied',
  },
])('$name: $verdict', ({ statements, verdict }) => {
  expect(evaluate(statements)).toBe(verdict);
});

test('a single statement need not be in a list', () => {
  expect(evaluate(allow(method))).toBe('allowed');
});

test.for([
  { name: 'no statement', document: { Version: '2012-10-17' } },
  { name: 'no effect', document: { Statement: [{ Action: '*', Resource: '*' }] } },
  { name: 'an unknown operator', document: { Statement: [allowIf({ Resembles: { 'aws:SourceIp': '1' } })] } },
  { name: 'nothing', document: null },
])('a document with $name is none', ({ document }) => {
  expect(() => readExecutePolicy(document)).toThrow();
});
