/** UN/ECE Recommendation 20 units that goods are ordered in, with the words partners write for them. */
const units = {
  C62: {
    decimals: false,
    words: [
      ...['piece', 'pieces', 'pc', 'pcs', 'pce', 'h87', 'ea', 'each', 'unit', 'units'],
      ...['个', '件', '只', '支', '把', '条', '块', '台', '张', '本', '枚', '根', '片', '份', '颗', '粒'],
    ],
  },
  SET: { decimals: false, words: ['set', 'sets', '套'] },
  PR: { decimals: false, words: ['pair', 'pairs', '双', '对', '副'] },
  DZN: { decimals: false, words: ['dozen', '打'] },
  XBX: { decimals: false, words: ['box', 'boxes', 'bx', '盒'] },
  XCT: { decimals: false, words: ['carton', 'cartons', 'ctn', 'ctns', 'case', 'cases', '箱'] },
  XPK: { decimals: false, words: ['pack', 'packs', 'package', '包', '袋'] },
  XBO: { decimals: false, words: ['bottle', 'bottles', 'btl', '瓶'] },
  XRO: { decimals: false, words: ['roll', 'rolls', '卷'] },
  XCA: { decimals: false, words: ['can', 'cans', '罐', '听'] },
  RM: { decimals: false, words: ['ream', 'reams', '令'] },
  KGM: { decimals: true, words: ['kg', 'kilogram', 'kilograms', '千克', '公斤'] },
  GRM: { decimals: true, words: ['g', 'gram', 'grams', '克'] },
  TNE: { decimals: true, words: ['t', 'tonne', 'tonnes', '吨'] },
  MTR: { decimals: true, words: ['m', 'metre', 'metres', 'meter', '米'] },
  MTK: { decimals: true, words: ['m2', '平方米', '平米'] },
  LTR: { decimals: true, words: ['l', 'litre', 'litres', 'liter', '升'] },
  MLT: { decimals: true, words: ['ml', '毫升'] },
} as const;

export type UnitCode = keyof typeof units;

export const unitCodes = Object.keys(units) as [UnitCode, ...UnitCode[]];

/** Whether a quantity in this unit may have decimals: kilograms yes, pieces no. */
export const allowsDecimals = (unit: UnitCode): boolean => units[unit].decimals;

const byWord = new Map<string, UnitCode>(
  unitCodes.flatMap(
    (code) =>
      [[code.toLowerCase(), code], ...units[code].words.map((word) => [word, code])] as [string, UnitCode][],
  ),
);

/** The Rec 20 code for a word such as 箱 or "pcs", or for the code itself; undefined when unknown. */
export const unitCodeFor = (word: string): UnitCode | undefined =>
  byWord.get(word.normalize('NFKC').trim().toLowerCase());
