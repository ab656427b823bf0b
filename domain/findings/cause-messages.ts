import type { Text } from '../values/languages.ts';
import type { FindingCause } from './finding-cause.ts';

/** A cause as the end of a finding's sentence: "…: this was our price before". */
export const causeMessages: Readonly<Record<FindingCause, Text>> = {
  OLD_PRICE_LIST: { 'zh-CN': '这是以前的价格', en: 'this was our price before' },
  FUTURE_PRICE_LIST: { 'zh-CN': '该价格尚未生效', en: 'this price is not in force yet' },
  TAX_ADDED: { 'zh-CN': '这是我方价格再加税后的金额', en: 'this is our price with tax put on it' },
  TAX_LEFT_OUT: { 'zh-CN': '这是我方价格去税后的金额', en: 'this is our price with the tax taken out' },
  PACK_SIZE: { 'zh-CN': '单价似按另一包装数量计算', en: 'the price seems to be for another pack size' },
  OTHER_CURRENCY: { 'zh-CN': '单价似为另一币种的价格', en: 'this is our price in another currency' },
  QUANTITY_BREAK: { 'zh-CN': '这是另一数量档的价格', en: 'this is our price for another quantity' },
  PROMOTION_MISSING: {
    'zh-CN': '这是促销价，但没有促销码',
    en: 'this is the price of a promotion, whose code is missing',
  },
  PROMOTION_NOT_TAKEN: {
    'zh-CN': '促销优惠没有计入',
    en: 'the promotion gives a lower price, which was not taken',
  },
  SMALL_DIFFERENCES: {
    'zh-CN': '单行差异很小的各行，合计超出允许范围',
    en: 'lines that are each within tolerance are not, all together',
  },
  TAX_RATE: { 'zh-CN': '税率与商品不符', en: 'the tax rate is not that of the article' },
  OTHER: { 'zh-CN': '原因不明', en: 'the reason is not clear to us' },
  PROMOTION_UNKNOWN: { 'zh-CN': '没有这个促销码', en: 'there is no such code' },
  PROMOTION_NOT_YET: { 'zh-CN': '促销尚未开始', en: 'the promotion has not begun' },
  PROMOTION_EXPIRED: { 'zh-CN': '促销已经结束', en: 'the promotion is over' },
  PROMOTION_TIER: {
    'zh-CN': '促销不适用于该客户等级',
    en: 'the promotion is not for customers of this tier',
  },
  PROMOTION_CURRENCY: { 'zh-CN': '促销不适用于该币种', en: 'the promotion is not in this currency' },
  PROMOTION_ARTICLE: { 'zh-CN': '促销不适用于所订商品', en: 'the promotion is not for what was ordered' },
  PROMOTION_ON_ORDER: {
    'zh-CN': '该促销用于整单，不用于单行',
    en: 'the promotion is taken off the whole order, not off a line',
  },
  PROMOTION_QUANTITY: { 'zh-CN': '数量未达到促销要求', en: 'the promotion needs a larger quantity' },
  PROMOTION_AMOUNT: { 'zh-CN': '金额未达到促销要求', en: 'the promotion needs a larger amount' },
  PROMOTION_NOT_COMBINABLE: {
    'zh-CN': '促销不能与其他促销同时使用',
    en: 'the promotion cannot be used together with another',
  },
  PROMOTION_USED_UP: {
    'zh-CN': '该客户的促销使用次数已用完',
    en: 'the customer has used the promotion as often as it may',
  },
  LIMIT_PER_ORDER: { 'zh-CN': '这是每笔订单的上限', en: 'this is the limit for one order' },
  LIMIT_PER_DAY: {
    'zh-CN': '这是该客户当天还可购买的数量',
    en: 'this is what the customer may still buy today',
  },
  LIMIT_PER_MONTH: {
    'zh-CN': '这是该客户本月还可购买的数量',
    en: 'this is what the customer may still buy this month',
  },
  LIMIT_PER_YEAR: {
    'zh-CN': '这是该客户今年还可购买的数量',
    en: 'this is what the customer may still buy this year',
  },
  DISCOUNT_ABOVE_TIER: {
    'zh-CN': '超过该客户等级的折扣上限',
    en: 'it is more than customers of this tier may have',
  },
  DISCOUNT_ABOVE_PROMOTION: { 'zh-CN': '超过促销规定的折扣', en: 'it is more than the promotion gives' },
};
