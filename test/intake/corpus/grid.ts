import { type ColumnName, columnNames, templateColumns } from '../../../domain/uploads/template-columns.ts';
import { cellReference } from '../../../functions/intake/readers/cell.ts';
import type { CellSpec } from './cell-spec.ts';
import type { IntendedOrder } from './intended-orders.ts';
import type { Seeded } from './seeded.ts';

/** How a sender lays out a file. */
export type GridStyle = {
  language: 'zh' | 'en';
  /** Values of the whole order stand in every row, or in its first only. */
  repeats: boolean;
  /** In the order of the file. */
  columns: readonly ColumnName[];
  /** Rows before the header. */
  titles: readonly string[];
  headers: Partial<Record<ColumnName, string>>;
};

/** A sheet of texts and cells. Rows count from 1, columns from 0. */
export type Grid = {
  style: GridStyle;
  rows: (CellSpec | undefined)[][];
  headerRow: number;
  /** The row of an order's line, both counted from 0. */
  rowOf: (order: number, line?: number) => number;
  reference: (order: number, line: number, column: ColumnName) => string;
  set: (order: number, line: number, column: ColumnName, cell: CellSpec | undefined) => void;
  columnOf: (column: ColumnName) => number;
};

const textOf = (order: IntendedOrder, lineIndex: number, column: ColumnName, language: 'zh' | 'en') => {
  const line = order.lines[lineIndex];
  const texts: Partial<Record<ColumnName, string | undefined>> = {
    orderReference: order.reference,
    orderDate: order.orderDate,
    orderType: order.orderType?.[language],
    customerId: order.customerId,
    customerName: order.customerName,
    contactName: order.contactName,
    contactPhone: order.phone.typed,
    contactEmail: order.email,
    province: order.place.province,
    city: order.place.city,
    district: order.place.district,
    address: order.address,
    postalCode: order.place.postalCode,
    requestedDate: order.requestedDate,
    paymentMethod: order.payment[language],
    invoiceTitle: order.taxId && '示例抬头',
    taxId: order.taxId,
    sku: line?.item.sku,
    buyerItemCode: line?.item.buyerItemCode,
    gtin: line?.item.gtin,
    itemName: line?.name,
    specification: line?.specification,
    quantity: line?.quantity,
    unit: line?.unit[language],
    unitPrice: line?.unitPrice,
    discountPercent: line?.discountPercent,
    remarks: line?.remarks,
  };
  return texts[column];
};

/** The columns that any of the orders fills, in the template's order. */
export const columnsOf = (orders: readonly IntendedOrder[]): ColumnName[] =>
  columnNames.filter((name) =>
    orders.some((order) => order.lines.some((_, line) => textOf(order, line, name, 'zh') !== undefined)),
  );

/** A layout by chance, of the columns that the orders fill. */
export const someStyle = (choose: Seeded, orders: readonly IntendedOrder[]): GridStyle => ({
  language: choose.pick(['zh', 'en']),
  repeats: choose.chance(0.5),
  columns: choose.chance(0.5) ? columnsOf(orders) : choose.shuffle(columnsOf(orders)),
  titles: choose.chance(0.2) ? ['采购订单 Purchase orders'] : [],
  headers: {},
});

const headerOf = (name: ColumnName, { language, headers }: GridStyle): string =>
  headers[name] ?? templateColumns[name].header[language === 'zh' ? 'zh-CN' : 'en'];

const isOfLine = (name: ColumnName): boolean =>
  templateColumns[name].level === 'line' || name === 'orderReference';

/** The sheet that a sender with this style writes for these orders. */
export const gridOf = (orders: readonly IntendedOrder[], style: GridStyle): Grid => {
  const { columns, titles, language, repeats } = style;
  const headerRow = titles.length + 1;
  const rows: Grid['rows'] = [
    ...titles.map((title) => [title]),
    columns.map((name) => headerOf(name, style)),
  ];
  const firstRows = new Map<number, number>();
  orders.forEach((order, index) => {
    firstRows.set(index, rows.length + 1);
    for (const line of order.lines.keys())
      rows.push(
        columns.map((name) =>
          line === 0 || repeats || isOfLine(name) ? textOf(order, line, name, language) : undefined,
        ),
      );
  });
  const columnOf = (column: ColumnName): number => {
    const at = columns.indexOf(column);
    if (at === -1) throw new RangeError(`the grid has no column ${column}`);
    return at;
  };
  const rowOf = (order: number, line = 0): number => {
    const first = firstRows.get(order);
    if (first === undefined) throw new RangeError(`the grid has no order ${order}`);
    return first + line;
  };
  return {
    style,
    rows,
    headerRow,
    rowOf,
    columnOf,
    reference: (order, line, column) => cellReference(columnOf(column), rowOf(order, line)),
    set: (order, line, column, cell) => {
      const row = rows[rowOf(order, line) - 1];
      if (!row) throw new RangeError(`the grid has no line ${line} of order ${order}`);
      row[columnOf(column)] = cell;
    },
  };
};
