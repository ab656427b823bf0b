import { isBlocking } from '../audit/audit-order.ts';
import type { StoredFinding } from '../orders/order.ts';
import type { Finding, FindingCode } from './finding.ts';

const sameQuestion = (a: Finding, b: Finding): boolean => a.code === b.code && a.pointer === b.pointer;

const sameValues = (a: Finding, b: Finding): boolean =>
  a.value === b.value && a.expected === b.expected && a.cause === b.cause;

/** True for what keeps an order from going on until somebody answers. */
export const isOpenQuestion = (finding: StoredFinding): boolean => finding.open && isBlocking(finding);

/** True when exactly these questions are on file and open, so that asking them again would say nothing new. */
export const areAsked = (stored: readonly StoredFinding[], found: readonly Finding[]): boolean =>
  stored.length === found.length &&
  found.every((finding) =>
    stored.some((earlier) => earlier.open && sameQuestion(earlier, finding) && sameValues(earlier, finding)),
  );

/** Findings without those that somebody entitled to it has let pass with these very values. */
export const withoutAccepted = (stored: readonly StoredFinding[], found: readonly Finding[]): Finding[] =>
  found.filter(
    (finding) =>
      !stored.some(
        (earlier) =>
          earlier.resolution?.accepted === true &&
          sameQuestion(earlier, finding) &&
          sameValues(earlier, finding),
      ),
  );

/** How many findings still keep an order from going on. */
export const openFindings = (findings: readonly StoredFinding[]): number =>
  findings.filter(isOpenQuestion).length;

const hourMs = 3_600_000;

/** When a question is asked, and how long its answer may take. */
export type Asking = { now: Date; clarificationHours: number };

/**
 * Findings on file plus new ones, each under a number that is given once in an order. A question asked again takes the place
 * of its earlier asking as its next round; one that still stands as it was asked stays.
 */
export const addFindings = (
  stored: readonly StoredFinding[],
  found: readonly Finding[],
  { now, clarificationHours }: Asking,
): StoredFinding[] => {
  let last = Math.max(0, ...stored.map(({ number }) => number));
  const dueAt = new Date(now.getTime() + clarificationHours * hourMs).toISOString();
  const asked = found.map((finding): StoredFinding => {
    const earlier = stored.find((one) => sameQuestion(one, finding));
    if (earlier?.open && sameValues(earlier, finding)) return earlier;
    last += 1;
    return {
      ...finding,
      number: last,
      round: (earlier?.round ?? 0) + 1,
      open: true,
      foundAt: now.toISOString(),
      ...(isBlocking(finding) && { dueAt }),
    };
  });
  return [...stored.filter((earlier) => !found.some((finding) => sameQuestion(earlier, finding))), ...asked];
};

/** Findings on file with those of some codes answered. */
export const resolveFindings = (
  stored: readonly StoredFinding[],
  codes: readonly FindingCode[],
): StoredFinding[] =>
  stored.map((finding) => (codes.includes(finding.code) ? { ...finding, open: false } : finding));

/** Findings that nobody has to answer any more: their order has ended, or a new audit does not find them. */
export const closeFindings = (stored: readonly StoredFinding[]): StoredFinding[] =>
  stored.map((finding) => ({ ...finding, open: false }));
