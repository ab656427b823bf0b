import { expect, test } from 'vitest';
import { orderTagsSchema } from '../../../domain/orders/order-tags.ts';

test.for<[string[], string[]]>([
  [[], []],
  [['VIP', 'vip', ' Vip '], ['vip']],
  [
    ['加急', 'b-2', 'a_1'],
    ['a_1', 'b-2', '加急'],
  ],
  [['ＶＩＰ'], ['vip']],
  [['หมู'], ['หมู']],
])('%j are the tags %j', ([given, kept]) => {
  expect(orderTagsSchema.parse(given)).toEqual(kept);
});

test.for([
  [['']],
  [['two words']],
  [['-x']],
  [['x'.repeat(33)]],
  [['a,b']],
  [['=1+1']],
  [['a\nb']],
  [Array.from({ length: 11 }, (_, index) => `t${index}`)],
])('%j are refused', ([given]) => {
  expect(orderTagsSchema.safeParse(given).success).toBe(false);
});
