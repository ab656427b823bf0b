import Big from 'big.js';
import type { Finding } from '../findings/finding.ts';
import { onEachLine } from './context.ts';

/** A line is taxed as its article is: a partner may name the rate, not choose it. */
export const checkTaxRate = onEachLine((line, product, at): Finding[] =>
  new Big(line.taxRate).eq(product.taxRate)
    ? []
    : [
        {
          severity: 'HOLD',
          code: 'PRICE_MISMATCH',
          pointer: `${at}/taxRate`,
          value: line.taxRate,
          expected: product.taxRate,
          suggestion: product.taxRate,
          cause: 'TAX_RATE',
          evidence: [{ source: 'CATALOGUE', id: product.sku, detail: `taxRate ${product.taxRate}` }],
        },
      ],
);
