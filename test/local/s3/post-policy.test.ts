import { describe, expect, test } from 'vitest';
import { enforcePolicy } from '../../../local/s3/post-policy.ts';

const now = Date.parse('2026-03-02T08:00:00Z');

const enforce = (
  conditions: unknown[],
  fields: Record<string, string>,
  expiration = '2026-03-02T09:00:00.000Z',
) =>
  enforcePolicy(
    Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64'),
    new Map(Object.entries(fields)),
    now,
  );

describe('a condition', () => {
  test.for([
    {
      name: 'of equality as an object',
      condition: { key: 'a/b' },
      fits: ['a/b'],
      fails: ['a/bc', 'A/b', ''],
    },
    { name: 'of equality as a list', condition: ['eq', '$key', 'a/b'], fits: ['a/b'], fails: ['a/bc', ''] },
    {
      name: 'of a beginning',
      condition: ['starts-with', '$key', 'a/'],
      fits: ['a/', 'a/b'],
      fails: ['b/a/', 'A/'],
    },
    { name: 'that allows anything', condition: ['starts-with', '$key', ''], fits: ['', 'x'], fails: [] },
    { name: 'whose field is named in other case', condition: ['eq', '$Key', 'x'], fits: ['x'], fails: ['y'] },
  ])('$name', ({ condition, fits, fails }) => {
    for (const key of fits) expect(enforce([condition], { key })).toEqual({});
    for (const key of fails) {
      expect(() => enforce([condition], { key })).toThrow('Policy Condition failed');
    }
    expect(() => enforce([condition], {})).toThrow('Policy Condition failed');
  });

  test('of a beginning holds for each of several content types', () => {
    const conditions = [['starts-with', '$Content-Type', 'image/']];
    enforce(conditions, { 'content-type': 'image/png,image/jpeg' });
    expect(() => enforce(conditions, { 'content-type': 'image/png,text/html' })).toThrow('Condition failed');
  });

  test('must hold beside every other of the same field', () => {
    const conditions = [
      ['starts-with', '$key', 'a/'],
      ['starts-with', '$key', 'a/b/'],
    ];
    enforce(conditions, { key: 'a/b/c' });
    expect(() => enforce(conditions, { key: 'a/c' })).toThrow('Condition failed');
  });

  test('of the length is handed on', () => {
    expect(enforce([['content-length-range', 1, 1048576]], {})).toEqual({ minBytes: 1, maxBytes: 1048576 });
    expect(enforce([['content-length-range', '0', '10']], {})).toEqual({ minBytes: 0, maxBytes: 10 });
  });
});

describe('a field', () => {
  test('without a condition is refused', () => {
    expect(() => enforce([{ key: 'k' }], { key: 'k', 'x-amz-meta-a': '1', acl: 'private' })).toThrow(
      'Extra input fields: x-amz-meta-a, acl',
    );
  });

  test('that proves the policy, or is to be ignored, needs none', () => {
    enforce([{ key: 'k' }], {
      key: 'k',
      policy: 'p',
      'x-amz-signature': 's',
      bucket: 'b',
      'x-ignore-a': '1',
    });
  });
});

test('a policy ends at the moment it names', () => {
  expect(() => enforce([], {}, '2026-03-02T08:00:00Z')).toThrow('Policy expired');
  enforce([], {}, '2026-03-02T08:00:01Z');
});

test.for([
  { name: 'no JSON', policy: '{' },
  { name: 'no conditions', policy: '{"expiration":"2026-03-02T09:00:00Z"}' },
  { name: 'no expiration', policy: '{"conditions":[]}' },
  { name: 'an expiration that is no time', policy: '{"expiration":"soon","conditions":[]}' },
  {
    name: 'an unknown operator',
    policy: '{"expiration":"2026-03-02T09:00:00Z","conditions":[["ends-with","$key","a"]]}',
  },
  {
    name: 'a field without its dollar',
    policy: '{"expiration":"2026-03-02T09:00:00Z","conditions":[["eq","key","a"]]}',
  },
])('a policy that has $name is refused', ({ policy }) => {
  expect(() => enforcePolicy(Buffer.from(policy).toString('base64'), new Map(), now)).toThrow(
    'Invalid Policy',
  );
});
