import type { ColumnName } from '../../../domain/uploads/template-columns.ts';
import { countryCodes } from '../../../domain/values/countries.ts';
import { currencies } from '../../../domain/values/currencies.ts';
import { unitCodeFor, unitCodes } from '../../../domain/values/units.ts';

/** What a choice column reads a word as; `known` names the codes for a sender whose word is not among them. */
export type WordReader = { read: (word: string) => string | boolean | undefined; known: readonly string[] };

const folded = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');

const reader = <Code extends string | boolean>(
  words: readonly (readonly [Code, ...string[]])[],
): WordReader => {
  const codes = new Map(
    words.flatMap(([code, ...others]) =>
      [String(code), ...others].map((word) => [folded(word), code] as const),
    ),
  );
  return {
    read: (word) => codes.get(folded(word)),
    known: words.map(([code, first = String(code)]) => (typeof code === 'string' ? code : first)),
  };
};

const countryNames = ['zh-Hans', 'en'].map((language) => new Intl.DisplayNames(language, { type: 'region' }));

const countryWords = countryCodes.map((code): [string, ...string[]] => [
  code,
  ...countryNames.map((names) => names.of(code) ?? code),
]);

const extraCountryWords: [string, ...string[]][] = [
  ['CN', '中国大陆', '中华人民共和国', 'PRC', 'CHN', "People's Republic of China"],
  ['HK', '香港', '中国香港', 'Hong Kong'],
  ['MO', '澳门', '中国澳门', 'Macau', 'Macao'],
  ['TW', '中国台湾'],
  ['US', 'USA', 'United States of America'],
  ['GB', 'UK', 'Great Britain'],
];

const currencyWords: Readonly<Record<string, readonly string[]>> = {
  CNY: ['人民币', '元', '人民币元', 'RMB'],
  USD: ['美元', '美金', 'US Dollar'],
  EUR: ['欧元', 'Euro'],
  GBP: ['英镑'],
  HKD: ['港币', '港元'],
  JPY: ['日元', '日币'],
  KRW: ['韩元'],
  TWD: ['新台币'],
  SGD: ['新加坡元', '新币'],
  AUD: ['澳元'],
  CAD: ['加元'],
};

/** The words of each choice column, contract §4. */
export const wordReaders: Readonly<Partial<Record<ColumnName, WordReader>>> = {
  orderType: reader([
    ['STANDARD', '普通', '普通订单', '标准'],
    ['WHOLESALE', '批发', '批发订单'],
    ['CUSTOM', '定制', '定制订单'],
  ]),
  currency: reader(currencies.map((code): [string, ...string[]] => [code, ...(currencyWords[code] ?? [])])),
  country: { ...reader([...countryWords, ...extraCountryWords]), known: ['CN', '中国', 'China'] },
  paymentMethod: reader([
    ['BANK_TRANSFER', '银行转账', '转账', '对公转账', '银行汇款', '汇款', '电汇', 'wire', 'wire transfer'],
    ['ALIPAY', '支付宝'],
    ['WECHAT_PAY', '微信', '微信支付', 'WeChat'],
    ['CASH_ON_DELIVERY', '货到付款', 'COD'],
    ['ON_ACCOUNT', '月结', '账期', 'account'],
    ['CARD', '刷卡', '银行卡', '信用卡', 'credit card'],
  ]),
  partialDelivery: reader([
    [true, '是', '允许', '可', '可以', 'Y', 'yes', '1'],
    [false, '否', '不允许', '不可', '不可以', '不', 'N', 'no', '0'],
  ]),
  substitution: reader([
    ['NONE', '不可', '不可替换', '不允许', '否', 'no', 'N'],
    ['ASK', '先询问', '询问'],
    ['ALLOW', '允许', '可', '可以', '可替换', '是', 'yes', 'Y'],
  ]),
  unit: { read: unitCodeFor, known: unitCodes },
  invoiceKind: reader([
    ['NORMAL', '普票', '普通发票', '增值税普通发票', '普通'],
    ['SPECIAL', '专票', '专用发票', '增值税专用发票', '专用'],
  ]),
};
