// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its variables like this
import { expect, test } from 'vitest';
import { resolveIntrinsics, type Scope } from '../../../local/assembly/intrinsics.ts';
import type { JsonValue } from '../../../local/json.ts';

const scope: Scope = {
  ref: (name) => ({ Table: 'entries', 'AWS::Region': 'us-east-1', List: ['a', 'b'], Index: '1' })[name],
  attribute: (id, name) => (id === 'Table' && name === 'Arn' ? 'arn:table' : undefined),
  mapping: (map, first, second) => (`${map}.${first}.${second}` === 'Sizes.prod.memory' ? 512 : undefined),
  condition: (name) => ({ IsProd: true, IsTest: false })[name],
  importValue: (name) => (name === 'Shared' ? 'value of another stack' : undefined),
};
const resolve = (value: JsonValue) => resolveIntrinsics(value, scope, 'Stack/Thing/Name');

test.for<{ name: string; value: JsonValue; expected: JsonValue }>([
  { name: 'a plain value', value: { a: [1, true, null, 'x'] }, expected: { a: [1, true, null, 'x'] } },
  { name: 'Ref', value: { Ref: 'Table' }, expected: 'entries' },
  { name: 'GetAtt as a list', value: { 'Fn::GetAtt': ['Table', 'Arn'] }, expected: 'arn:table' },
  { name: 'GetAtt as a text', value: { 'Fn::GetAtt': 'Table.Arn' }, expected: 'arn:table' },
  { name: 'Join', value: { 'Fn::Join': ['-', ['a', { Ref: 'Table' }, 3]] }, expected: 'a-entries-3' },
  { name: 'Join of a list', value: { 'Fn::Join': [',', { Ref: 'List' }] }, expected: 'a,b' },
  {
    name: 'Sub',
    value: { 'Fn::Sub': '${Table}/${Table.Arn}/${AWS::Region}' },
    expected: 'entries/arn:table/us-east-1',
  },
  {
    name: 'Sub with its own variables',
    value: { 'Fn::Sub': ['${Own}-${!Kept}', { Own: { Ref: 'Table' } }] },
    expected: 'entries-${Kept}',
  },
  { name: 'Select', value: { 'Fn::Select': [1, ['a', 'b']] }, expected: 'b' },
  {
    name: 'Select by a parameter',
    value: { 'Fn::Select': [{ Ref: 'Index' }, { Ref: 'List' }] },
    expected: 'b',
  },
  {
    name: 'Split',
    value: { 'Fn::Split': [':', { 'Fn::GetAtt': ['Table', 'Arn'] }] },
    expected: ['arn', 'table'],
  },
  { name: 'FindInMap', value: { 'Fn::FindInMap': ['Sizes', 'prod', 'memory'] }, expected: 512 },
  { name: 'If', value: { 'Fn::If': ['IsProd', { Ref: 'Table' }, 'x'] }, expected: 'entries' },
  { name: 'If, untouched branch', value: { 'Fn::If': ['IsTest', { Ref: 'Nobody' }, 'x'] }, expected: 'x' },
  { name: 'NoValue in an object', value: { a: { Ref: 'AWS::NoValue' }, b: 1 }, expected: { b: 1 } },
  {
    name: 'NoValue in a list',
    value: [{ 'Fn::If': ['IsTest', 1, { Ref: 'AWS::NoValue' }] }, 2],
    expected: [2],
  },
  { name: 'ImportValue', value: { 'Fn::ImportValue': 'Shared' }, expected: 'value of another stack' },
  { name: 'Base64', value: { 'Fn::Base64': 'hi' }, expected: 'aGk=' },
  { name: 'Equals', value: { 'Fn::Equals': [{ Ref: 'Table' }, 'entries'] }, expected: true },
  {
    name: 'And, Or, Not',
    value: {
      'Fn::And': [{ Condition: 'IsProd' }, { 'Fn::Not': [{ 'Fn::Or': [{ Condition: 'IsTest' }, false] }] }],
    },
    expected: true,
  },
  {
    name: "an IAM statement's own Condition",
    value: { Condition: { StringEquals: { a: { Ref: 'Table' } } } },
    expected: { Condition: { StringEquals: { a: 'entries' } } },
  },
])('$name', ({ value, expected }) => {
  expect(resolve(value)).toEqual(expected);
});

test.for<{ value: JsonValue; message: string }>([
  { value: { Ref: 'Nobody' }, message: 'Cannot resolve Stack/Thing/Name/Ref: nothing is called Nobody.' },
  { value: { 'Fn::Sub': 'x-${Nobody}' }, message: 'Stack/Thing/Name/Fn::Sub: nothing is called Nobody' },
  {
    value: [{ a: { 'Fn::GetAtt': ['Table', 'Colour'] } }],
    message: 'Stack/Thing/Name/0/a/Fn::GetAtt: the local cloud gives Table no attribute Colour',
  },
  { value: { 'Fn::ImportValue': 'Unknown' }, message: 'no stack exports Unknown' },
  { value: { 'Fn::Cidr': ['10.0.0.0/16', 1] }, message: 'does not know Fn::Cidr' },
  { value: { 'Fn::If': ['Unknown', 1, 2] }, message: 'there is no condition Unknown' },
  { value: { 'Fn::Select': [5, ['a']] }, message: 'the list has no element 5' },
])('$message', ({ value, message }) => {
  expect(() => resolve(value)).toThrow(message);
});
