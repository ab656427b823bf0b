import { isBlocking } from '../audit/audit-order.ts';
import type { StoredFinding } from '../orders/order.ts';
import type { Finding } from './finding.ts';

/**
 * All findings of an order are one row of a table, which holds 400 kB, and all questions are answered in one event. So much is
 * asked at once: one question about each of 500 lines, or fewer that are long.
 */
const mostAsked = 500;
const mostAskedBytes = 180_000;
/** What an order notes beside a finding that it keeps: its number and round, and when it was asked. */
const notedBytes = 150;

const mostRowBytes = 380_000;

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/**
 * What is asked of all that was found, in its order; what blocks goes before what is only told. How much has to wait is told
 * beside it. Nothing passes for that: the audit that follows the answers finds it again.
 */
export const askedAtOnce = (found: readonly Finding[]): Finding[] => {
  const asked = new Set<Finding>();
  let bytes = 0;
  for (const finding of found.toSorted((a, b) => Number(isBlocking(b)) - Number(isBlocking(a)))) {
    bytes += bytesOf(finding) + notedBytes;
    if (asked.size === mostAsked || (asked.size > 0 && bytes > mostAskedBytes)) break;
    asked.add(finding);
  }
  const waiting = found.length - asked.size;
  return [
    ...found.filter((finding) => asked.has(finding)),
    ...(waiting > 0
      ? [
          {
            severity: 'WARNING' as const,
            code: 'MORE_FINDINGS' as const,
            pointer: '#',
            value: String(waiting),
          },
        ]
      : []),
  ];
};

/** That something has to wait until these findings are settled. */
export const waitingFindings = (stored: readonly StoredFinding[]): StoredFinding[] =>
  stored.filter(({ code, open }) => open && code === 'MORE_FINDINGS');

/** An answered finding without what its order's events tell of it as well. */
const answeredInShort = (finding: StoredFinding): StoredFinding => {
  if (finding.open) return finding;
  const { evidence: _seen, suggestion: _offered, question: _asked, customerNote: _said, ...kept } = finding;
  if (!kept.resolution) return kept;
  const { reason: _why, ...resolution } = kept.resolution;
  return { ...kept, resolution };
};

const withoutEvidence = ({ evidence: _seen, ...finding }: StoredFinding): StoredFinding => finding;

const cut = (text: string, most: number): string =>
  [...text].length > most ? `${[...text].slice(0, most).join('')}…` : text;

/** With what staff asked and the customer said cut to so many characters. */
const withShortNotes =
  (most: number) =>
  ({ question, customerNote, ...finding }: StoredFinding): StoredFinding => ({
    ...finding,
    ...(question !== undefined && { question: cut(question, most) }),
    ...(customerNote !== undefined && { customerNote: cut(customerNote, most) }),
  });

const shortenings = [answeredInShort, withoutEvidence, withShortNotes(40), withShortNotes(0)];

/** Answered findings may be forgotten, the oldest first; those let pass last of all, for they would be asked again. */
const withoutOldest = (stored: readonly StoredFinding[], excess: number): StoredFinding[] => {
  const latest = Math.max(...stored.map(({ number }) => number));
  const isAccepted = ({ resolution }: StoredFinding): number => Number(resolution?.accepted === true);
  const answered = stored
    .filter(({ open, number }) => !open && number !== latest)
    .toSorted((a, b) => isAccepted(a) - isAccepted(b) || a.number - b.number);
  const forgotten = new Set<StoredFinding>();
  let freed = 0;
  for (const finding of answered) {
    if (freed >= excess) break;
    freed += bytesOf(finding);
    forgotten.add(finding);
  }
  return stored.filter((finding) => !forgotten.has(finding));
};

/**
 * The findings of an order as its one row holds them: all of them, unless years of questions or 500 long answers would be more
 * than that. Then what the events tell as well is left out, and open questions are kept whatever else goes.
 */
export const fittingFindings = (stored: readonly StoredFinding[]): StoredFinding[] => {
  let fitting = [...stored];
  for (const shorten of shortenings) {
    if (bytesOf(fitting) <= mostRowBytes) return fitting;
    fitting = fitting.map(shorten);
  }
  const excess = bytesOf(fitting) - mostRowBytes;
  return excess > 0 ? withoutOldest(fitting, excess) : fitting;
};
