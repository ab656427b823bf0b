import type { OrderContent, OrderRecord } from '../orders/order.ts';
import { receivedOrder } from '../orders/received-order.ts';
import { type FieldOrigin, type Locator, locatorText } from './field-origin.ts';
import { leafText, leavesOf } from './leaves.ts';
import type { MasterData } from './received-order-data.ts';

/**
 * Why an order is not proven equal to its original. VALUE: the original says something else. RAW: the text on file is not
 * what stands in the original. The others are about the order as a whole.
 */
export type DifferenceKind =
  | 'VALUE'
  | 'RAW'
  | 'NO_ORIGIN'
  | 'NO_PROVENANCE'
  | 'ORIGINAL_MISSING'
  | 'ORIGINAL_CHANGED'
  | 'ORIGINAL_UNREADABLE';

export type Difference = {
  kind: DifferenceKind;
  field: string;
  stored?: string;
  original?: string;
  locator?: Locator;
};

const optional = (
  stored: string | undefined,
  original: string | undefined,
  locator: Locator | undefined,
) => ({
  ...(stored !== undefined && { stored }),
  ...(original !== undefined && { original }),
  ...(locator && { locator }),
});

/** Leaves that the two do not agree on, either way. `prefix` stands before the fields. */
const differingLeaves = (
  stored: unknown,
  original: unknown,
  originOf: (field: string) => FieldOrigin | undefined,
  prefix = '',
): Difference[] => {
  const texts = (value: unknown) =>
    new Map(leavesOf(value).map((leaf) => [leaf.field, JSON.stringify(leaf.value)]));
  const [ours, theirs] = [texts(stored), texts(original)];
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((field) => ours.get(field) !== theirs.get(field))
    .map((field) => ({
      kind: 'VALUE',
      field: `${prefix}${field}`,
      ...optional(ours.get(field), theirs.get(field), originOf(field)?.locator),
    }));
};

/** Fields of an order's content that are not what its original makes them, and those that nothing accounts for. */
export const compareContent = (
  stored: OrderContent,
  original: OrderContent,
  origins: readonly FieldOrigin[],
): Difference[] => {
  const byField = new Map(origins.map((origin) => [origin.field, origin]));
  const unaccounted = leavesOf(stored).filter(({ field }) => !byField.has(field));
  return [
    ...differingLeaves(stored, original, (field) => byField.get(field)),
    ...unaccounted.map(
      ({ field, value }): Difference => ({ kind: 'NO_ORIGIN', field, stored: leafText(value) }),
    ),
  ];
};

/** What the state of an order repeats of its content; only an edit of that changes it. */
const settledAtIntake = ({
  customerOrderReference,
  customerTier,
  createdAt,
  currency,
  customerId,
  language,
  orderType,
  partnerId,
  payableAmount,
  paymentMethod,
  requestedDate,
  test,
}: OrderRecord['state']) => ({
  customerOrderReference,
  customerTier,
  createdAt,
  currency,
  customerId,
  language,
  orderType,
  partnerId,
  payableAmount,
  paymentMethod,
  requestedDate,
  test,
});

type Received = { masterData: MasterData; partnerId: string; receivedAt: string };

/** The fields that an order's state repeats, named `state#/…`. */
export const compareState = (
  state: OrderRecord['state'],
  original: OrderContent,
  { masterData: { customerTier, customerId }, partnerId, receivedAt }: Received,
): Difference[] => {
  const rebuilt = receivedOrder({
    orderNumber: state.orderNumber,
    partnerId,
    customerOrderReference: original.customerOrderReference,
    customerTier,
    ...(customerId !== undefined && { customerId }),
    content: original,
    auditedWith: { rules: {}, prices: {} },
    data: {},
    now: new Date(receivedAt),
  });
  return differingLeaves(settledAtIntake(state), settledAtIntake(rebuilt.state), () => undefined, 'state');
};

const rawKey = ({ field, locator }: FieldOrigin): string => `${field} ${locatorText(locator)}`;

/** Texts on file that do not stand where they are said to stand, and texts of the original that are not on file. */
export const compareRaw = (
  stored: readonly FieldOrigin[],
  original: readonly FieldOrigin[],
): Difference[] => {
  const byPlace = (origins: readonly FieldOrigin[]) =>
    new Map(origins.map((origin) => [rawKey(origin), origin]));
  const [ours, theirs] = [byPlace(stored), byPlace(original)];
  return [...new Map([...theirs, ...ours])]
    .filter(([key]) => ours.get(key)?.raw !== theirs.get(key)?.raw)
    .map(([key, { field, locator }]) => ({
      kind: 'RAW',
      field,
      ...optional(ours.get(key)?.raw, theirs.get(key)?.raw, locator),
    }));
};

const told: Readonly<Record<DifferenceKind, string>> = {
  VALUE: 'differs from the original',
  RAW: 'the text on file is not the one in the original',
  NO_ORIGIN: 'nothing accounts for it',
  NO_PROVENANCE: 'no provenance is on file',
  ORIGINAL_MISSING: 'the original is not there',
  ORIGINAL_CHANGED: 'the original is not the one that was received',
  ORIGINAL_UNREADABLE: 'the original does not hold this order',
};

/** A difference in one line: field, what is stored, what the original says, and where. */
export const differenceText = ({ kind, field, stored, original, locator }: Difference): string =>
  [
    `${field}: ${told[kind]}`,
    ...(stored === undefined ? [] : [`stored ${stored}`]),
    ...(original === undefined ? [] : [`original ${original}`]),
    ...(locator ? [`at ${locatorText(locator)}`] : []),
  ].join('; ');
