import type { FindingCode } from './finding.ts';

/** Why a check found what it found, for codes that have more than one reason. Stable, like the codes. */
const causesByCode = {
  PRICE_MISMATCH: [
    'OLD_PRICE_LIST',
    'FUTURE_PRICE_LIST',
    'TAX_ADDED',
    'TAX_LEFT_OUT',
    'PACK_SIZE',
    'OTHER_CURRENCY',
    'QUANTITY_BREAK',
    'PROMOTION_MISSING',
    'PROMOTION_NOT_TAKEN',
    'TAX_RATE',
    'SMALL_DIFFERENCES',
    'OTHER',
  ],
  PROMOTION_INVALID: [
    'PROMOTION_UNKNOWN',
    'PROMOTION_NOT_YET',
    'PROMOTION_EXPIRED',
    'PROMOTION_TIER',
    'PROMOTION_CURRENCY',
    'PROMOTION_ARTICLE',
    'PROMOTION_ON_ORDER',
    'PROMOTION_QUANTITY',
    'PROMOTION_AMOUNT',
    'PROMOTION_NOT_COMBINABLE',
    'PROMOTION_USED_UP',
  ],
  LIMIT_EXCEEDED: ['LIMIT_PER_ORDER', 'LIMIT_PER_DAY', 'LIMIT_PER_MONTH', 'LIMIT_PER_YEAR'],
  DISCOUNT_NOT_ALLOWED: ['DISCOUNT_ABOVE_TIER', 'DISCOUNT_ABOVE_PROMOTION'],
} as const satisfies Partial<Record<FindingCode, readonly string[]>>;

export type FindingCause = (typeof causesByCode)[keyof typeof causesByCode][number];

export const findingCauses: readonly FindingCause[] = Object.values(causesByCode).flat();
