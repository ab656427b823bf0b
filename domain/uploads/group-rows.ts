/** Rows of one order, in the order of the file; they need not be adjacent there. */
export type RowGroup<Row> = { reference: string; rows: Row[] };

const isExample = (reference: string): boolean => /^(example|示例)/i.test(reference.normalize('NFKC').trim());

/**
 * Groups a file's rows into orders by their reference. A blank reference means the order of the row above; rows above
 * the first reference form one order without a reference. References beginning with EXAMPLE or 示例 are set apart.
 */
export const groupRows = <Row extends { reference: string }>(
  rows: readonly Row[],
): { orders: RowGroup<Row>[]; examples: RowGroup<Row>[] } => {
  const groups = new Map<string, RowGroup<Row>>();
  let current = '';
  for (const row of rows) {
    current = row.reference || current;
    const group = groups.get(current) ?? { reference: current, rows: [] };
    group.rows.push(row);
    groups.set(current, group);
  }
  const { orders = [], examples = [] } = Object.groupBy(groups.values(), ({ reference }) =>
    isExample(reference) ? 'examples' : 'orders',
  );
  return { orders, examples };
};

export type SettledValue<Value> = { from: number; value: Value; conflicts: { from: number; value: Value }[] };

/**
 * What an order-level column says: the value of the first row that has one (blank inherits); later rows that say
 * something else are conflicts. `from` is a position in `values`. Undefined when every row is blank.
 */
export const settleOrderValue = <Value>(
  values: readonly (Value | undefined)[],
): SettledValue<Value> | undefined => {
  const filled = values.flatMap((value, from) => (value === undefined ? [] : [{ from, value }]));
  const [first, ...rest] = filled;
  return first && { ...first, conflicts: rest.filter(({ value }) => value !== first.value) };
};
