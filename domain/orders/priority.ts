import type { CustomerTier } from '../partner.ts';
import type { OrderType } from '../submissions/order-schema.ts';

export const priorities = ['URGENT', 'HIGH', 'NORMAL', 'LOW'] as const;
export type Priority = (typeof priorities)[number];

type PriorityRule = {
  /** Days from today to the requested date; a day that has passed counts below nought. */
  dueWithinDays?: number;
  tiers?: readonly CustomerTier[];
  types?: readonly OrderType[];
  priority: Priority;
};

/** The first rule that fits counts. What is made to order or bought in bulk takes longer, so it is looked at earlier. */
const priorityRules: readonly PriorityRule[] = [
  { dueWithinDays: 1, priority: 'URGENT' },
  { dueWithinDays: 3, tiers: ['GOLD', 'WHOLESALE'], priority: 'URGENT' },
  { dueWithinDays: 3, priority: 'HIGH' },
  { dueWithinDays: 7, types: ['WHOLESALE', 'CUSTOM'], priority: 'HIGH' },
  { dueWithinDays: 14, tiers: ['GOLD'], priority: 'HIGH' },
  { dueWithinDays: 30, priority: 'NORMAL' },
  { tiers: ['GOLD', 'WHOLESALE'], priority: 'NORMAL' },
  { priority: 'LOW' },
];

type Prioritised = { customerTier: CustomerTier; orderType: OrderType; requestedDate?: string | undefined };

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** How soon a person should look at an order. `today` is the company's; an order without a date is due in no hurry. */
export const priorityOf = (
  { customerTier, orderType, requestedDate }: Prioritised,
  today: string,
  rules: readonly PriorityRule[] = priorityRules,
): Priority => {
  const days = requestedDate === undefined ? Number.POSITIVE_INFINITY : daysBetween(today, requestedDate);
  const rule = rules.find(
    ({ dueWithinDays, tiers, types }) =>
      (dueWithinDays === undefined || days <= dueWithinDays) &&
      (!tiers || tiers.includes(customerTier)) &&
      (!types || types.includes(orderType)),
  );
  return rule?.priority ?? 'NORMAL';
};
