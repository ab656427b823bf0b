import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashApiKey, isWellFormedApiKey, newApiKey } from '../../functions/shared/api-key.ts';

test('a new key has its form, and no two are the same', () => {
  const keys = Array.from({ length: 200 }, newApiKey);
  for (const key of keys) {
    expect(key).toMatch(/^rk_[A-Za-z0-9_-]{43}[0-9a-f]{6}$/);
    expect(isWellFormedApiKey(key)).toBe(true);
  }
  expect(new Set(keys).size).toBe(keys.length);
});

test('a key with one character changed, dropped or added is not well-formed', () => {
  const key = newApiKey();
  fc.assert(
    fc.property(fc.nat(key.length - 1), fc.constantFrom(...'abcXYZ019_-'), (at, character) => {
      const changed = key.slice(0, at) + character + key.slice(at + 1);
      expect(isWellFormedApiKey(changed)).toBe(changed === key);
      expect(isWellFormedApiKey(key.slice(0, at) + key.slice(at + 1))).toBe(false);
      expect(isWellFormedApiKey(key.slice(0, at) + character + key.slice(at))).toBe(false);
    }),
  );
});

test('any other text is not well-formed', () => {
  fc.assert(
    fc.property(fc.string(), (text) => !isWellFormedApiKey(text) && !isWellFormedApiKey(`rk_${text}`)),
  );
});

test('the hash is SHA-256 of the whole key in hex', () => {
  expect(hashApiKey('rk_abc')).toBe('d888437ae7defd1edf8501ce171480b52ddd4182bc83555b103bd3eab5ff8b4b');
});
