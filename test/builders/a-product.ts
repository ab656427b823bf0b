import { type Price, type Product, productSchema } from '../../domain/product.ts';

/** A price for everybody from the first piece on, changed as told. */
export const aPrice = (changes: Partial<Price> = {}): Price => ({
  tier: 'ALL',
  currency: 'CNY',
  unitPrice: '39.90',
  minimumQuantity: 0,
  validFrom: '2025-01-01',
  ...changes,
});

/** The cup of aSubmission(), on sale, changed as told. */
export const aProduct = (changes: Partial<Product> = {}): Product =>
  productSchema.parse({
    sku: 'CUP-350-BL',
    name: { 'zh-CN': '保温杯', en: 'Vacuum flask' },
    specification: { 'zh-CN': '350ml 蓝色', en: '350 ml blue' },
    hasVariants: true,
    unitCode: 'C62',
    taxRate: '0.13',
    pricesIncludeTax: true,
    discontinued: false,
    prices: [aPrice()],
    ...changes,
  });
