import { isOrderNumber } from '../orders/order-number.ts';

type Numbered = { number: number };

/** Names one asking of one question among all orders: `SO-20251014-000123-4.2`. */
export const findingIdOf = (orderNumber: string, { number }: Numbered): string => `${orderNumber}.${number}`;

/** The order and the number in it; undefined when the text is no such id. */
export const readFindingId = (text: string): ({ orderNumber: string } & Numbered) | undefined => {
  const [, orderNumber = '', digits = ''] = /^([^.]{1,40})\.([1-9]\d{0,5})$/.exec(text) ?? [];
  return isOrderNumber(orderNumber) ? { orderNumber, number: Number(digits) } : undefined;
};
