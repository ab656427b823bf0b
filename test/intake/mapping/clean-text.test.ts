import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cleanCode,
  cleanLine,
  cleanNote,
  hasInvisible,
} from '../../../functions/intake/mapping/clean-text.ts';

test.for([
  [' ＰＯ－１ ', 'PO-1'],
  ['\u00a0PO\u00a01\u3000', 'PO 1'],
  ['PO\u200b-1\ufeff', 'PO-1'],
  ['\u202ePO-1\u202c', 'PO-1'],
  ["'00042", '00042'],
  ['￥', '¥'],
  ['e\u0301', 'é'],
  ['M²', 'M²'],
  ['①', '①'],
  ['A\nB', 'A\nB'],
])('the code %j is %j', ([text = '', code]) => {
  expect(cleanCode(text)).toBe(code);
});

test.for([
  ['示例\n客户', '示例 客户'],
  ['示例（北京）', '示例（北京）'],
  ['ＡＢ', 'ＡＢ'],
  ['👩\u200d💻', '👩\u200d💻'],
  ["'t Hooft", "'t Hooft"],
  ["'=1+1", '=1+1'],
  ['\ufeff示例', '示例'],
])('the line %j is %j', ([text = '', line]) => {
  expect(cleanLine(text)).toBe(line);
});

test('a note keeps its line breaks', () => {
  expect(cleanNote(' 一\r\n二\r三\n')).toBe('一\n二\n三');
});

describe('cleaning', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  const spoilt = fc
    .array(
      fc.constantFrom("'", ' ', '\u3000', '\u200b', '\u200d', '\u0301', 'e', 'ｅ', '=', '\r', '\n', '０'),
    )
    .map((characters) => characters.join(''));

  test.for([
    ['code', cleanCode],
    ['line', cleanLine],
    ['note', cleanNote],
  ] as const)('a %s again changes nothing', ([, clean]) => {
    fc.assert(
      fc.property(fc.oneof(text, spoilt), (one) => {
        expect(clean(clean(one))).toBe(clean(one));
      }),
    );
  });

  test('changes no code of letters, digits and signs', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-&(-~]([ -~]{0,20}[!-~])?$/), (code) => {
        fc.pre(!code.includes('  '));
        expect(cleanCode(code)).toBe(code);
      }),
    );
  });

  test('leaves nothing invisible in a code', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(hasInvisible(cleanCode(one), true)).toBe(false);
      }),
    );
  });
});
