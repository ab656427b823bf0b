/** One order as the demo ends. */
export type Outcome = {
  orderNumber: string;
  partnerId: string;
  from: string;
  status: string;
  mails: string[];
  invoiceNumber?: string;
  /** What did not end as expected. */
  problem?: string;
};

export type UploadOutcome = {
  name: string;
  uploadId: string;
  status: string;
  counts: Record<string, number>;
  problem?: string;
};

/** Terminal cells: a Chinese character takes two. */
const width = (text: string): number =>
  [...text].reduce(
    (sum, char) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
        char,
      )
        ? 2
        : 1),
    0,
  );

const table = (header: string[], rows: string[][]): string => {
  const widths = header.map((title, column) =>
    Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((cells) => '─'.repeat(cells)).join('  '), ...rows.map(line)].join('\n');
};

/** `order-confirmed ×2, shipped`: templates in the order in which they were asked for. */
const mailsText = (templates: readonly string[]): string =>
  [...new Set(templates)]
    .map((template) => {
      const count = templates.filter((other) => other === template).length;
      return count > 1 ? `${template} ×${count}` : template;
    })
    .join(', ');

/** The closing table: every order, its status, its invoice, its mails. */
export const ordersTableText = (outcomes: readonly Outcome[]): string =>
  table(
    ['', 'Order', 'Partner', 'From', 'Status', 'Invoice', 'Mails sent'],
    outcomes.map(({ orderNumber, partnerId, from, status, mails, invoiceNumber, problem }) => [
      problem === undefined ? '✓' : '✗',
      orderNumber,
      partnerId,
      from.replace(/\.json$/, ''),
      status,
      invoiceNumber ?? '–',
      mailsText(mails) + (problem === undefined ? '' : `  ✗ ${problem}`),
    ]),
  );

export const uploadsTableText = (uploads: readonly UploadOutcome[]): string =>
  table(
    ['File', 'Status', 'Orders', 'Created', 'On hold', 'Rejected', ''],
    uploads.map(({ name, status, counts, problem }) => [
      name,
      status,
      String(counts.orders ?? 0),
      String(counts.created ?? 0),
      String(counts.onHold ?? 0),
      String(counts.rejected ?? 0),
      problem === undefined ? '✓' : `✗ ${problem}`,
    ]),
  );
