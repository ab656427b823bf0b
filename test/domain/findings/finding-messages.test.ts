import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findingCodes } from '../../../domain/findings/finding.ts';
import { findingCauses } from '../../../domain/findings/finding-cause.ts';
import { findingSentence, suggestionSentence } from '../../../domain/findings/finding-messages.ts';
import { languages } from '../../../domain/values/languages.ts';

const everyMessage = findingCodes.flatMap((code) => languages.map((language) => ({ code, language })));

test.for(everyMessage)('$code is one sentence in $language that names both values', ({ code, language }) => {
  const sentence = findingSentence({ code, value: 'VALUE-1', expected: 'VALUE-2' }, language);
  expect(sentence).toContain('VALUE-1');
  expect(sentence).toContain('VALUE-2');
  expect(sentence).toMatch(language === 'en' ? /^[A-Z].*\.$/ : /。$/);
  expect(/\p{Script=Han}/u.test(sentence)).toBe(language === 'zh-CN');
});

test.for(everyMessage)('$code proposes the suggested value in $language', ({ code, language }) => {
  expect(suggestionSentence({ code, suggestion: 'VALUE-3' }, language)).toContain('VALUE-3');
});

test.for(everyMessage)(
  '$code without values ends without empty brackets in $language',
  ({ code, language }) => {
    expect(findingSentence({ code }, language)).not.toMatch(/[()（）]\s*[.。]$/);
  },
);

const everyCause = findingCauses.flatMap((cause) => languages.map((language) => ({ cause, language })));

test.for(everyCause)('$cause ends the sentence in $language', ({ cause, language }) => {
  const finding = { code: 'PRICE_MISMATCH', value: '35', expected: '39.90' } as const;
  const [bare, told] = [findingSentence(finding, language), findingSentence({ ...finding, cause }, language)];
  expect(told.startsWith(bare.slice(0, -1))).toBe(true);
  expect(told).toMatch(language === 'en' ? /\): [a-z].*[^.]\.$/ : /）：.*[^。]。$/);
  expect(/\p{Script=Han}/u.test(told)).toBe(language === 'zh-CN');
});

test('a cause belongs to one code only', () => {
  expect(new Set(findingCauses).size).toBe(findingCauses.length);
});

test('bounds are told in words: days differ from numbers', () => {
  const past = { code: 'DATE_PAST', value: '2025-01-01', expected: '>= 2025-10-14' } as const;
  expect(findingSentence(past, 'en')).toBe(
    'The date has passed (sent: 2025-01-01, expected: no earlier than 2025-10-14).',
  );
  expect(findingSentence(past, 'zh-CN')).toBe('日期已经过去（收到：2025-01-01，应为：不早于 2025-10-14）。');
  expect(findingSentence({ code: 'TOO_MANY', value: '92', expected: '<= 90' }, 'en')).toContain(
    'allowed: at most 90',
  );
});

test('a guess is asked, a computed value is told', () => {
  expect(suggestionSentence({ code: 'UNKNOWN_FIELD', suggestion: 'quantity' }, 'en')).toBe(
    'Did you mean “quantity”?',
  );
  expect(suggestionSentence({ code: 'TOTAL_MISMATCH', suggestion: '909.72' }, 'zh-CN')).toBe(
    '请改为“909.72”。',
  );
});

test('long values are cut between characters, never inside one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 200, maxLength: 300 }), (value) => {
      const sentence = findingSentence({ code: 'TOO_LONG', value }, 'en');
      expect(sentence.isWellFormed()).toBe(true);
      expect([...sentence].length).toBeLessThan(130);
    }),
  );
});
