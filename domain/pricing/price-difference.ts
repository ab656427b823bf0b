import * as z from 'zod';
import { findingSchema } from '../findings/finding.ts';
import type { OrderLine } from '../orders/order.ts';
import { currencies } from '../values/currencies.ts';
import type { MinorAmount } from '../values/money.ts';
import { type OurLine, ourOrder } from './our-order.ts';
import { type Explanation, priceCause } from './price-cause.ts';
import { oncePerAudit, type PricingContext } from './pricing-context.ts';
import { isTolerated } from './tolerance.ts';

const minor = z.int();
const comparedSchema = z.object({ submittedMinor: minor, expectedMinor: minor, differenceMinor: minor });

/**
 * The price-difference case: what was submitted, what we expected, and the difference (submitted less expected), in minor
 * units. `lines` are those that differ at all; their differences add up to that of `lineTotal`.
 */
export const priceDifferenceSchema = z.object({
  currency: z.enum(currencies),
  toleranceMinor: minor,
  tolerancePercent: z.number().optional(),
  lines: z.array(
    comparedSchema.extend({
      index: z.int(),
      lineId: z.string(),
      sku: z.string().optional(),
      submittedUnitPrice: z.string(),
      expectedUnitPrice: z.string(),
      /** Of a difference beyond the tolerance. */
      cause: findingSchema.shape.cause,
    }),
  ),
  lineTotal: comparedSchema,
  allowances: comparedSchema,
  /** With tax, allowances and charges. */
  payable: comparedSchema,
});
export type PriceDifference = z.infer<typeof priceDifferenceSchema>;

const compared = (submittedMinor: MinorAmount, expectedMinor: MinorAmount) => ({
  submittedMinor,
  expectedMinor,
  differenceMinor: submittedMinor - expectedMinor,
});

export type DifferingLine = {
  index: number;
  line: OrderLine;
  our: OurLine;
  differenceMinor: MinorAmount;
  /** Of a difference beyond the tolerance. */
  explanation: Explanation | undefined;
};

/** The lines that differ from ours at all. */
export const differingLines = oncePerAudit((context): DifferingLine[] => {
  const { order, partner } = context;
  const ours = ourOrder(context);
  return order.lines.flatMap((line, index) => {
    const our = ours.lines[index];
    const differenceMinor = line.lineAmountMinor - (our?.amountMinor ?? 0);
    if (!our || differenceMinor === 0) return [];
    const isOver = !isTolerated(partner, line.lineAmountMinor, our.amountMinor);
    return [
      { index, line, our, differenceMinor, explanation: isOver ? priceCause(line, our, context) : undefined },
    ];
  });
});

/** How an order's amounts differ from ours, whether or not that is within the partner's tolerance. */
export const priceDifference = (context: PricingContext): PriceDifference => {
  const { order, partner } = context;
  const ours = ourOrder(context);
  return {
    currency: order.currency,
    toleranceMinor: partner.toleranceMinor,
    ...(partner.tolerancePercent !== undefined && { tolerancePercent: partner.tolerancePercent }),
    lines: differingLines(context).map(({ index, line, our, explanation }) => ({
      index,
      lineId: line.lineId,
      ...(line.sku && { sku: line.sku }),
      submittedUnitPrice: line.unitPrice,
      expectedUnitPrice: our.unitPrice,
      ...compared(line.lineAmountMinor, our.amountMinor),
      ...(explanation && { cause: explanation.cause }),
    })),
    lineTotal: compared(order.amounts.lineExtensionAmount, ours.amounts.lineExtensionAmount),
    allowances: compared(order.amounts.allowanceTotal, ours.allowances.amountMinor),
    payable: compared(order.amounts.payableAmount, ours.amounts.payableAmount),
  };
};

/** True when each line, their sum and the allowances differ by no more than the partner's tolerance. */
export const isWithinTolerance = ({
  lines,
  lineTotal,
  allowances,
  toleranceMinor,
  tolerancePercent,
}: PriceDifference): boolean =>
  [...lines, lineTotal, allowances].every(({ submittedMinor, expectedMinor }) =>
    isTolerated({ toleranceMinor, tolerancePercent }, submittedMinor, expectedMinor),
  );
