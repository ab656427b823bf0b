import { isBlocking } from './audit/audit-order.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { StoredFinding } from './order.ts';

const sameQuestion = (a: Finding, b: Finding): boolean => a.code === b.code && a.pointer === b.pointer;

/** True when exactly these questions are on file and open, so that asking them again would say nothing new. */
export const areAsked = (stored: readonly StoredFinding[], found: readonly Finding[]): boolean =>
  stored.length === found.length &&
  found.every((finding) =>
    stored.some(
      (earlier) =>
        earlier.open &&
        sameQuestion(earlier, finding) &&
        earlier.value === finding.value &&
        earlier.expected === finding.expected &&
        earlier.cause === finding.cause,
    ),
  );

/** How many findings still keep an order from going on. */
export const openFindings = (findings: readonly StoredFinding[]): number =>
  findings.filter((finding) => finding.open && isBlocking(finding)).length;

/** Findings on file plus new ones; a question that is asked again replaces its earlier asking. */
export const addFindings = (
  stored: readonly StoredFinding[],
  found: readonly Finding[],
  now: Date,
): StoredFinding[] => [
  ...stored.filter((earlier) => !found.some((finding) => sameQuestion(earlier, finding))),
  ...found.map((finding) => ({ ...finding, open: true, foundAt: now.toISOString() })),
];

/** Findings on file with those of some codes answered. */
export const resolveFindings = (
  stored: readonly StoredFinding[],
  codes: readonly FindingCode[],
): StoredFinding[] =>
  stored.map((finding) => (codes.includes(finding.code) ? { ...finding, open: false } : finding));

/** Findings of an order that has ended: nobody has to answer them any more. */
export const closeFindings = (stored: readonly StoredFinding[]): StoredFinding[] =>
  stored.map((finding) => ({ ...finding, open: false }));
