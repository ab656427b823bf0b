import { type Desk, repeated } from './desk-view.ts';

const numbersOf = (orders: readonly { state: { orderNumber: string } }[]): string =>
  orders.map(({ state }) => state.orderNumber).join(' and ');

const references = ({ orders, references: rows }: Desk): string[] => {
  const keyOf = ({ state }: Desk['orders'][number]) =>
    `REFERENCE#${state.partnerId}#${state.customerOrderReference}`;
  const byNumber = new Map(orders.map((order) => [order.state.orderNumber, keyOf(order)]));
  const guards = new Map(rows.map(({ pk, orderNumber }) => [pk, orderNumber]));
  return [
    ...repeated(orders, keyOf).map(([key, same]) => `${numbersOf(same)} are both ${key}`),
    ...orders
      .filter((order) => guards.get(keyOf(order)) !== order.state.orderNumber)
      .map((order) => `${order.state.orderNumber} is not what ${keyOf(order)} names`),
    ...rows
      .filter(({ pk, orderNumber }) => byNumber.get(orderNumber) !== pk)
      .map(({ pk, orderNumber }) => `${pk} names ${orderNumber}, which is no order of that reference`),
  ];
};

const answers = ({ orders, results, answers: told }: Desk): string[] => {
  const known = new Set(orders.map(({ state }) => state.orderNumber));
  const numbers = (given: readonly { orderNumber: string }[]) => [
    ...new Set(given.map(({ orderNumber }) => orderNumber)),
  ];
  return [
    ...results
      .filter(({ orderNumber }) => !known.has(orderNumber))
      .map(({ pk, orderNumber }) => `${pk} answers with ${orderNumber}, which is not on file`),
    ...numbers(told)
      .filter((orderNumber) => !known.has(orderNumber))
      .map((orderNumber) => `${orderNumber} was acknowledged and is not on file`),
    ...repeated(told, ({ partnerId, key }) => `${partnerId}'s key ${key}`)
      .filter(([, same]) => numbers(same).length > 1)
      .map(([key, same]) => `${key} was answered with ${numbers(same).join(' and ')}`),
  ];
};

const uploads = ({ orders, uploads: rows }: Desk): string[] => {
  const placed = Map.groupBy(orders, ({ content: { source } }) =>
    source.kind === 'SPREADSHEET' ? source.uploadId : '',
  );
  return [
    ...repeated(rows, ({ objectKey, versionId }) => `${objectKey} version ${versionId}`).map(
      ([file, same]) => `${file} was taken as ${same.map(({ uploadId }) => uploadId).join(' and ')}`,
    ),
    ...rows.flatMap(({ uploadId, counts, duplicateOf }) => {
      const found = placed.get(duplicateOf ?? uploadId)?.length ?? 0;
      const told = (counts?.created ?? 0) + (counts?.onHold ?? 0);
      return counts && found !== told ? [`UPLOAD#${uploadId} tells of ${told} orders and made ${found}`] : [];
    }),
    ...rows.flatMap(({ uploadId, duplicateOf }) =>
      duplicateOf && placed.has(uploadId)
        ? [`UPLOAD#${uploadId} repeats ${duplicateOf} and made orders`]
        : [],
    ),
  ];
};

/** I1: one order per partner and reference, one result per idempotency key, one import per file. */
export const onceOnly = (desk: Desk): string[] => [
  ...desk.fragments.map((row) => `${row} belongs to no whole order`),
  ...references(desk),
  ...answers(desk),
  ...uploads(desk),
];
