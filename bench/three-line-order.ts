import { priceFor } from '../domain/pricing/price-list.ts';
import type { Product } from '../domain/product.ts';
import { dayIn, plusDays } from '../domain/values/calendar.ts';

/** Articles with enough stock for thousands of orders. */
export const benchSkus = ['CUP-350-BL', 'MUG-300-WH', 'MUG-300-BK'];
export const benchPartner = 'example-mall';

/** A clean order of three lines, as the cost per order is stated for. */
export const threeLineOrder = (
  reference: string,
  method: 'ON_ACCOUNT' | 'BANK_TRANSFER',
  products: ReadonlyMap<string, Product>,
  now: Date,
) => {
  const day = dayIn('Asia/Shanghai', now);
  return {
    customerOrderReference: reference,
    currency: 'CNY',
    language: 'zh-CN',
    pricesIncludeTax: true,
    buyer: {
      customerId: 'C10001',
      name: '示例咖啡馆',
      contact: { name: '张示例', telephone: '+8613800138000', email: 'c10001@example.com' },
    },
    delivery: {
      address: {
        line1: `示例路 ${reference} 号`,
        city: '上海市',
        region: 'CN-SH',
        postalCode: '200000',
        countryCode: 'CN',
      },
      requestedDate: plusDays(day, 7),
    },
    payment: { method },
    lines: benchSkus.map((sku, index) => {
      const product = products.get(sku);
      const unitPrice =
        product &&
        priceFor(product, { tier: 'STANDARD', currency: 'CNY', quantity: 1, day, pricesIncludeTax: true });
      if (!unitPrice) throw new Error(`no price for ${sku}`);
      return {
        lineId: String(index + 1),
        sku,
        name: product.name['zh-CN'],
        specification: product.specification?.['zh-CN'],
        quantity: 1,
        unitPrice,
      };
    }),
  };
};
