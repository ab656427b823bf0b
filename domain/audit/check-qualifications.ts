import type { Finding } from '../findings/finding.ts';
import { onEachLine } from './context.ts';

/** What is on file under a number is what counts, whatever the order says of it. */
const heldOf = <Licence extends { type: string; number: string }>(
  onFile: readonly Licence[],
  sent: readonly Licence[],
): Licence[] => [
  ...onFile,
  ...sent.filter(({ type, number }) => !onFile.some((one) => one.type === type && one.number === number)),
];

/** Goods that need a licence are bought by a customer who holds one on the delivery date (S13). */
export const checkQualifications = onEachLine((_line, product, at, { order, customer, today }): Finding[] => {
  const type = product.requiredQualification;
  if (!type) return [];
  const day = order.delivery.requestedDate ?? order.delivery.requestedPeriod?.end ?? today;
  const onFile: readonly (typeof order.qualifications)[number][] = customer?.qualifications ?? [];
  const held = heldOf(onFile, order.qualifications).filter((licence) => licence.type === type);
  const [longest] = held.toSorted((a, b) => (b.validUntil ?? '').localeCompare(a.validUntil ?? ''));
  if (!longest) return [{ severity: 'HOLD', code: 'QUALIFICATION_MISSING', pointer: at, expected: type }];
  return longest.validUntil !== undefined && longest.validUntil >= day
    ? []
    : [
        {
          severity: 'HOLD',
          code: 'QUALIFICATION_EXPIRED',
          pointer: at,
          value: `${longest.number} ${longest.validUntil ?? ''}`.trim(),
          expected: `>= ${day}`,
        },
      ];
});
