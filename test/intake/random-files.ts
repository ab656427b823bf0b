import fc from 'fast-check';
import { anXlsx, textRows } from './an-xlsx.ts';
import { aLine, csvOf, type Line, table } from './sample-orders.ts';

/** Files of orders with whatever may be wrong with them, in every format. */

const damages: Line[] = [
  {},
  {},
  {},
  { quantity: 'x' },
  { quantity: '0' },
  { unitPrice: '1' },
  { sku: 'NOBODY-KNOWS' },
  { lineAmount: '1.00' },
  { orderTotal: '1' },
  { requestedDate: '2020-01-01' },
  { customerId: 'C-NOBODY' },
  { quantity: '5000' },
  { contactPhone: '12' },
  { specification: '500ml 红色' },
];

const references = ['', 'A', 'B', 'C', 'EXAMPLE', '示例-1', 'bad reference!'];

/** References of orders that were placed before: with the same content as a plain line, and with another. */
export const placedBefore = { same: 'PLACED-SAME', other: 'PLACED-OTHER' };

const line = fc
  .tuple(fc.constantFrom(...references, ...Object.values(placedBefore)), fc.constantFrom(...damages))
  .map(([orderReference, damage]) => ({ orderReference, damage }));

export type RandomFile = {
  lines: readonly { orderReference: string; damage: Line }[];
  format: 'csv' | 'xlsx';
};

export const randomFile: fc.Arbitrary<RandomFile> = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 12 }),
  format: fc.constantFrom('csv', 'xlsx'),
});

/** Its bytes; its own references, the placed ones apart, begin with the prefix, so that no other file has them. */
export const bytesOf = ({ lines, format }: RandomFile, prefix: string): Promise<Buffer> | Buffer => {
  const isOwn = (reference: string): boolean => /^[A-C]$/.test(reference);
  const rows = table(
    lines.map(({ orderReference, damage }) =>
      aLine({
        orderReference: isOwn(orderReference) ? `${prefix}-${orderReference}` : orderReference,
        ...damage,
      }),
    ),
  );
  return format === 'xlsx' ? anXlsx(textRows(rows)) : Buffer.from(csvOf(rows));
};
