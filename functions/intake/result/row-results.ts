import type { RowResult, UploadCounts } from '../../../domain/uploads/upload.ts';
import type { OrderResult, Reading } from '../batch.ts';

/** A row of the result with the sender's cells, by position in the layout's columns. */
export type ResultRow = RowResult & { cells: string[] };

const ofOrder = ({ reference, result, orderNumber, rows, findings }: OrderResult): ResultRow[] => {
  const findingsByRow = Map.groupBy(findings, ({ row }) => row);
  return rows.map(({ row, lineId, cells }) => {
    const own = findingsByRow.get(row) ?? [];
    const isTakenAlong = result === 'REJECTED' && own.every(({ severity }) => severity !== 'ERROR');
    return {
      row,
      orderReference: reference,
      ...(lineId !== undefined && { lineId }),
      result: isTakenAlong ? 'REJECTED_WITH_ORDER' : result,
      ...(orderNumber && { orderNumber }),
      findings: own.map(({ row: _row, ...finding }) => finding),
      cells,
    };
  });
};

const ofExample = ({ reference, rows }: Reading['examples'][number]): ResultRow[] =>
  rows.map(({ row, cells }) => ({
    row,
    orderReference: reference,
    result: 'SKIPPED_EXAMPLE',
    findings: [],
    cells,
  }));

/** Every data row of the file exactly once, in the order of the file. */
export const rowResults = (orders: readonly OrderResult[], examples: Reading['examples']): ResultRow[] =>
  [...orders.flatMap(ofOrder), ...examples.flatMap(ofExample)].sort((a, b) => a.row - b.row);

export const countOutcomes = (orders: readonly Pick<OrderResult, 'result'>[]) => {
  const count = (result: OrderResult['result']) => orders.filter((order) => order.result === result).length;
  return {
    created: count('CREATED'),
    onHold: count('CREATED_ON_HOLD'),
    rejected: count('REJECTED'),
    duplicate: count('SKIPPED_DUPLICATE'),
    valid: count('VALID'),
  };
};

/** created + onHold + rejected + duplicate + example + valid = orders. `created` are those without a hold. */
export const countResults = (
  orders: readonly OrderResult[],
  examples: Reading['examples'],
  rows: number,
): UploadCounts => ({
  rows,
  orders: orders.length + examples.length,
  ...countOutcomes(orders),
  example: examples.length,
});

/** REJECT_FILE: an order with an error takes all others with it, so what was found valid is rejected too. */
export const rejectedTogether = (orders: readonly OrderResult[]): OrderResult[] =>
  orders.map((order) => (order.result === 'VALID' ? { ...order, result: 'REJECTED' } : order));
