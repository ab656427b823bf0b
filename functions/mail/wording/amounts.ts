import { type Currency, minorDigitsOf } from '../../../domain/values/currencies.ts';
import type { Language } from '../../../domain/values/languages.ts';
import { type MinorAmount, toDecimal } from '../../../domain/values/money.ts';
import type { UnitCode } from '../../../domain/values/units.ts';

/** British English names foreign currencies in full: US$, CN¥, JP¥. */
export const locales: Readonly<Record<Language, string>> = { 'zh-CN': 'zh-CN', en: 'en-GB' };

/** Intl formats decimal text exactly, where a float would lose the last digits of large amounts. */
const isNumeric = (text: string): text is `${number}` => /^-?\d+(\.\d+)?$/.test(text);

const formatDecimal = (decimal: string, language: Language, options: Intl.NumberFormatOptions): string =>
  isNumeric(decimal) ? new Intl.NumberFormat(locales[language], options).format(decimal) : decimal;

const digitsOf = (currency: Currency, most = minorDigitsOf(currency)) => ({
  minimumFractionDigits: minorDigitsOf(currency),
  maximumFractionDigits: most,
});

/** An amount of minor units with its currency: "CN¥909.72". */
export const showAmount = (minor: MinorAmount, currency: Currency, language: Language): string =>
  formatDecimal(toDecimal(minor, currency), language, { style: 'currency', currency, ...digitsOf(currency) });

/** An amount where the currency is named elsewhere: "909.72". */
export const showBareAmount = (minor: MinorAmount, currency: Currency, language: Language): string =>
  formatDecimal(toDecimal(minor, currency), language, digitsOf(currency));

/** Unit prices may have up to four decimals. */
const priceDigits = 4;

export const showUnitPrice = (decimal: string, currency: Currency, language: Language): string =>
  formatDecimal(decimal, language, { style: 'currency', currency, ...digitsOf(currency, priceDigits) });

export const showBareUnitPrice = (decimal: string, currency: Currency, language: Language): string =>
  formatDecimal(decimal, language, digitsOf(currency, priceDigits));

/** A rate given as a fraction: "0.13" is 13%. */
export const showRate = (rate: string, language: Language): string =>
  new Intl.NumberFormat(locales[language], { style: 'percent', maximumFractionDigits: 2 }).format(
    Number(rate),
  );

const units: Readonly<Record<UnitCode, { 'zh-CN': string; en: readonly [one: string, other: string] }>> = {
  C62: { 'zh-CN': '件', en: ['pc', 'pcs'] },
  SET: { 'zh-CN': '套', en: ['set', 'sets'] },
  PR: { 'zh-CN': '双', en: ['pair', 'pairs'] },
  DZN: { 'zh-CN': '打', en: ['dozen', 'dozen'] },
  XBX: { 'zh-CN': '盒', en: ['box', 'boxes'] },
  XCT: { 'zh-CN': '箱', en: ['carton', 'cartons'] },
  XPK: { 'zh-CN': '包', en: ['pack', 'packs'] },
  XBO: { 'zh-CN': '瓶', en: ['bottle', 'bottles'] },
  XRO: { 'zh-CN': '卷', en: ['roll', 'rolls'] },
  XCA: { 'zh-CN': '罐', en: ['can', 'cans'] },
  RM: { 'zh-CN': '令', en: ['ream', 'reams'] },
  KGM: { 'zh-CN': '千克', en: ['kg', 'kg'] },
  GRM: { 'zh-CN': '克', en: ['g', 'g'] },
  TNE: { 'zh-CN': '吨', en: ['t', 't'] },
  MTR: { 'zh-CN': '米', en: ['m', 'm'] },
  MTK: { 'zh-CN': '平方米', en: ['m²', 'm²'] },
  LTR: { 'zh-CN': '升', en: ['l', 'l'] },
  MLT: { 'zh-CN': '毫升', en: ['ml', 'ml'] },
};

export const showNumber = (value: number, language: Language): string =>
  new Intl.NumberFormat(locales[language], { maximumFractionDigits: 3 }).format(value);

/** A quantity with its unit: "24 件", "1 pair". */
export const showQuantity = (quantity: number, unit: UnitCode, language: Language): string => {
  const [one, other] = units[unit].en;
  const name = language === 'en' ? (quantity === 1 ? one : other) : units[unit][language];
  return `${showNumber(quantity, language)} ${name}`;
};
