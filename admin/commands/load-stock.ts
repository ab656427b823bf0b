import * as z from 'zod';
import type { Product } from '../../domain/product.ts';
import { allowsDecimals } from '../../domain/values/units.ts';
import { articlesOf, readProducts, unknownArticles } from '../../functions/master-data/catalogue.ts';
import { identifier, quantity } from '../../functions/master-data/columns.ts';
import { type Change, type LoadResult, refused, writeEach } from '../../functions/master-data/load-result.ts';
import {
  type RowProblem,
  type RowRecord,
  readRecords,
  repeatedRows,
} from '../../functions/master-data/read-records.ts';
import { readRows } from '../../functions/master-data/rows.ts';
import { transact } from '../../functions/shared/dynamodb.ts';
import { readTable } from '../read-table.ts';
import type { Target } from '../targets.ts';

export const stockColumns = z.object({
  sku: identifier.describe('article number, loaded before'),
  quantity: quantity.describe('how much came in, in the unit of the article; 0 only opens it'),
  receiptId: identifier
    .optional()
    .describe(
      'number of the goods receipt, counted once for each article; blank: this very row of this very file',
    ),
});
type StockRecord = z.infer<typeof stockColumns>;

type Receipt = { receiptId: string; sku: string; quantity: number };

const receiptSchema = z.object({ receiptId: z.string(), sku: z.string(), quantity: z.number() });
const receiptKey = ({ receiptId }: Receipt) => ({ pk: `RECEIPT#${receiptId}`, sk: 'RECEIPT' });

const receiptOf = ({ row, record }: RowRecord<StockRecord>, fileSha256: string): RowRecord<Receipt> => {
  const { sku, quantity, receiptId } = record;
  const id = receiptId ? `${receiptId}/${sku}` : `file-${fileSha256.slice(0, 16)}/${row}`;
  return { row, record: { receiptId: id, sku, quantity } };
};

const undividedUnits = (
  records: readonly RowRecord<StockRecord>[],
  products: ReadonlyMap<string, Product>,
): RowProblem[] =>
  records.flatMap(({ row, record: { sku, quantity } }): RowProblem[] => {
    const unit = products.get(sku)?.unitCode;
    return unit === undefined || allowsDecimals(unit) || Number.isInteger(quantity)
      ? []
      : [
          {
            row,
            column: 'quantity',
            value: String(quantity),
            message: `must be a whole number: ${unit} is not divided`,
          },
        ];
  });

const otherQuantities = (
  receipts: readonly RowRecord<Receipt>[],
  existing: ReadonlyMap<string, Receipt>,
): RowProblem[] =>
  receipts.flatMap(({ row, record }): RowProblem[] => {
    const before = existing.get(record.receiptId);
    if (!before || before.quantity === record.quantity) return [];
    const message = `was ${before.quantity} when receipt ${record.receiptId} was loaded; a correction needs a receipt of its own`;
    return [{ row, column: 'quantity', value: String(record.quantity), message }];
  });

const writeReceipt = async ({ dynamodb, tables, now }: Target, receipt: Receipt): Promise<Change> => {
  const { sku, quantity } = receipt;
  const { outcome } = await transact(
    [
      {
        Put: {
          TableName: tables.stock,
          Item: { ...receiptKey(receipt), entity: 'RECEIPT', ...receipt, loadedAt: now().toISOString() },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      {
        Update: {
          TableName: tables.stock,
          Key: { pk: `SKU#${sku}`, sk: 'LEVEL' },
          UpdateExpression:
            'SET sku = :sku, entity = :entity, reserved = if_not_exists(reserved, :none) ADD onHand :quantity, available :quantity',
          ExpressionAttributeValues: { ':sku': sku, ':entity': 'LEVEL', ':none': 0, ':quantity': quantity },
        },
      },
    ],
    dynamodb,
  );
  return outcome === 'written' ? 'created' : 'unchanged';
};

/** Receives stock from a csv or xlsx file. Each receipt counts once, however often its file is loaded. */
export const loadStock = async (target: Target, path: string): Promise<LoadResult> => {
  const table = await readTable(path);
  const { problems, records } = readRecords(table, stockColumns);
  const receipts = records.map((record) => receiptOf(record, table.sha256));
  const products = await readProducts(
    target,
    records.map(({ record }) => record.sku),
  );
  const keys = receipts.map(({ record }) => receiptKey(record));
  const rows = await readRows(target.dynamodb, target.tables.stock, keys, receiptSchema);
  const existing = new Map(rows.map((row) => [row.receiptId, row]));
  problems.push(
    ...(await unknownArticles(target, articlesOf(records), products)),
    ...undividedUnits(records, products),
    ...repeatedRows(receipts, 'receiptId', ({ receiptId }) => receiptId),
    ...otherQuantities(receipts, existing),
  );
  if (problems.length > 0) return refused(problems);
  return writeEach(receipts, async ({ record }) =>
    existing.has(record.receiptId) ? 'unchanged' : writeReceipt(target, record),
  );
};
