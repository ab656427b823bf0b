import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spellingsOf } from '../../../domain/submissions/spellings.ts';

test.for([
  ['cup-350-bl', 'CUP-350-BL'],
  ['CUP 350 BL', 'CUP-350-BL'],
  ['CUP_350_BL', 'CUP-350-BL'],
  ['ＣＵＰ－350－ＢＬ', 'CUP-350-BL'],
  ['CUP-35O-BL', 'CUP-350-BL'],
  ['CUP-350-8L', 'CUP-350-BL'],
  ['CUP-3500-BL', 'CUP-350-BL'],
  ['CUP-530-BL', 'CUP-350-BL'],
  ['CPU-350-BL', 'CUP-350-BL'],
  ['TEA-1', 'TEA-I'],
  ['TEA-1', 'TEA-L'],
] as const)('%s may be meant as %s', ([written, meant]) => {
  expect(spellingsOf(written)).toContain(meant);
});

test('what is no code is not guessed at', () => {
  expect(spellingsOf('两个保温杯，谢谢！')).toEqual([]);
  expect(spellingsOf('X'.repeat(33))).toEqual([]);
});

test('there are never more than a hundred or so, each once, and never the code itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'AB01LZ-. x'), maxLength: 40 }), (code) => {
      const spellings = spellingsOf(code);
      expect(new Set(spellings).size).toBe(spellings.length);
      expect(spellings).not.toContain(code);
      expect(spellings.length).toBeLessThan(140);
    }),
  );
});
