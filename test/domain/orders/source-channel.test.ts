import { expect, test } from 'vitest';
import { channelOfFile, channelOfPost } from '../../../domain/orders/source-channel.ts';

test.for([
  ['inbox/example-mall/pos/2026-03-02.csv', 'POS'],
  ['inbox/example-mall/pos/shop-7/2026-03-02.csv', 'POS'],
  ['inbox/example-mall/sales-form/orders.xlsx', 'SALES_FORM'],
  ['inbox/example-mall/mail/0123abc/orders.xlsx', 'EMAIL'],
  ['inbox/example-mall/orders.xlsx', 'SPREADSHEET'],
  ['inbox/example-mall/pos', 'SPREADSHEET'],
  ['inbox/example-mall/pos.csv', 'SPREADSHEET'],
  ['inbox/example-mall/uploads/0199/pos/orders.csv', 'SPREADSHEET'],
  ['inbox/example-mall/constructor/orders.csv', 'SPREADSHEET'],
  ['inbox/pos/orders.csv', 'SPREADSHEET'],
  ['inbox/pos/mail/0123abc/orders.csv', 'EMAIL'],
] as const)('a file %s comes by %s', ([key, channel]) => {
  expect(channelOfFile(key)).toBe(channel);
});

test.for([
  [undefined, 'API'],
  ['API', 'API'],
  ['ECOMMERCE', 'ECOMMERCE'],
  ['SALES_FORM', 'SALES_FORM'],
  ['POS', 'POS'],
  ['EMAIL', 'API'],
  ['SPREADSHEET', 'API'],
] as const)('a post that claims %s comes by %s', ([claimed, channel]) => {
  expect(channelOfPost(claimed)).toBe(channel);
});
