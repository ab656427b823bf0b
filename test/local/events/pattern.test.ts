import { expect, test } from 'vitest';
import { compilePattern, matchesPattern } from '../../../local/events/pattern.ts';

const event = {
  source: 'aws.s3',
  'detail-type': 'Object Created',
  resources: ['arn:aws:s3:::inbox', 'arn:aws:s3:::other'],
  detail: {
    bucket: { name: 'inbox' },
    object: { key: 'inbox/acme/orders.XLSX', size: 120, etag: '' },
    'source-ip-address': '10.0.3.7',
    reason: null,
    urgent: true,
    parts: [
      { number: 1, state: 'done' },
      { number: 2, state: 'open' },
    ],
  },
};

const key = (matcher: unknown) => ({ detail: { object: { key: [matcher] } } });
const size = (matcher: unknown) => ({ detail: { object: { size: [matcher] } } });

test.for([
  { name: 'an exact string', pattern: { source: ['aws.s3'] }, matches: true },
  { name: 'any value of the list', pattern: { source: ['aws.ec2', 'aws.s3'] }, matches: true },
  { name: 'a string of another case', pattern: { source: ['AWS.S3'] }, matches: false },
  { name: 'all fields together', pattern: { source: ['aws.s3'], account: ['1'] }, matches: false },
  { name: 'an element of an array', pattern: { resources: ['arn:aws:s3:::other'] }, matches: true },
  { name: 'null', pattern: { detail: { reason: [null] } }, matches: true },
  { name: 'an empty string', pattern: { detail: { object: { etag: [''] } } }, matches: true },
  { name: 'a boolean', pattern: { detail: { urgent: [true] } }, matches: true },
  { name: 'a number, not its text', pattern: size('120'), matches: false },
  { name: 'a prefix', pattern: key({ prefix: 'inbox/' }), matches: true },
  { name: 'a prefix elsewhere', pattern: key({ prefix: 'acme/' }), matches: false },
  { name: 'a suffix', pattern: key({ suffix: '.xlsx' }), matches: false },
  {
    name: 'a suffix of any case',
    pattern: key({ suffix: { 'equals-ignore-case': '.xlsx' } }),
    matches: true,
  },
  { name: 'any case', pattern: { source: [{ 'equals-ignore-case': 'AWS.S3' }] }, matches: true },
  {
    name: 'anything but a listed value',
    pattern: { source: [{ 'anything-but': ['aws.s3', 'x'] }] },
    matches: false,
  },
  { name: 'anything but others', pattern: { source: [{ 'anything-but': 'aws.ec2' }] }, matches: true },
  { name: 'anything but a number', pattern: size({ 'anything-but': [100, 200] }), matches: true },
  {
    name: 'anything but, of an absent field',
    pattern: { account: [{ 'anything-but': 'x' }] },
    matches: false,
  },
  { name: 'anything but a prefix', pattern: key({ 'anything-but': { prefix: 'inbox/' } }), matches: false },
  { name: 'anything but prefixes', pattern: key({ 'anything-but': { prefix: ['a', 'b'] } }), matches: true },
  {
    name: 'anything but a wildcard',
    pattern: key({ 'anything-but': { wildcard: '*/tmp/*' } }),
    matches: true,
  },
  { name: 'a numeric range', pattern: size({ numeric: ['>', 0, '<=', 120] }), matches: true },
  { name: 'a numeric range missed', pattern: size({ numeric: ['<', 120] }), matches: false },
  { name: 'numeric equality', pattern: size({ numeric: ['=', 1.2e2] }), matches: true },
  { name: 'a wildcard', pattern: key({ wildcard: 'inbox/*/*.XLSX' }), matches: true },
  { name: 'an escaped star', pattern: key({ wildcard: 'inbox/\\*' }), matches: false },
  { name: 'a regular expression character as itself', pattern: key({ wildcard: 'inbox.*' }), matches: false },
  { name: 'a present leaf', pattern: size({ exists: true }), matches: true },
  { name: 'an object as no leaf', pattern: { detail: { object: [{ exists: true }] } }, matches: false },
  { name: 'an absent leaf', pattern: { detail: { deleted: { by: [{ exists: false }] } } }, matches: true },
  { name: 'a leaf that should be absent', pattern: size({ exists: false }), matches: false },
  {
    name: 'an address range',
    pattern: { detail: { 'source-ip-address': [{ cidr: '10.0.0.0/16' }] } },
    matches: true,
  },
  {
    name: 'another address range',
    pattern: { detail: { 'source-ip-address': [{ cidr: '10.1.0.0/16' }] } },
    matches: false,
  },
  {
    name: 'one of two alternatives',
    pattern: { $or: [{ source: ['x'] }, { 'detail-type': ['Object Created'] }] },
    matches: true,
  },
  {
    name: 'neither of two alternatives',
    pattern: { $or: [{ source: ['x'] }, { source: ['y'] }] },
    matches: false,
  },
  {
    name: 'fields of one array element',
    pattern: { detail: { parts: { number: [2], state: ['open'] } } },
    matches: true,
  },
  {
    name: 'fields of two array elements',
    pattern: { detail: { parts: { number: [1], state: ['open'] } } },
    matches: false,
  },
])('matching $name is $matches', ({ pattern, matches }) => {
  expect(matchesPattern(JSON.parse(JSON.stringify(pattern)), event)).toBe(matches);
});

test.for([
  { pattern: 'aws.s3', says: 'an object is required' },
  { pattern: {}, says: 'empty objects' },
  { pattern: { source: 'aws.s3' }, says: "'source' must be" },
  { pattern: { source: [] }, says: "'source' must be" },
  { pattern: { source: [{ regex: 'a' }] }, says: '{"regex":"a"}' },
  { pattern: { source: [{ prefix: 1 }] }, says: "'prefix' does not take 1" },
  { pattern: { source: [{ wildcard: 'a**b' }] }, says: "'wildcard' does not take" },
  { pattern: { source: [{ numeric: ['~', 1] }] }, says: "'numeric' does not take" },
  { pattern: { source: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }, says: "'anything-but' does not take" },
])('refuses the pattern $pattern', ({ pattern, says }) => {
  expect(() => compilePattern(JSON.parse(JSON.stringify(pattern)))).toThrow(says);
});
