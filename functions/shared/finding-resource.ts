import * as z from 'zod';
import { type Finding, findingSchema } from '../../domain/findings/finding.ts';
import { audienceOf } from '../../domain/findings/finding-audience.ts';
import { findingIdOf } from '../../domain/findings/finding-id.ts';
import { findingSentence, suggestionSentence } from '../../domain/findings/finding-messages.ts';
import { type StoredFinding, storedFindingSchema } from '../../domain/orders/order.ts';
import type { Language } from '../../domain/values/languages.ts';

const stored = storedFindingSchema.shape;

/** A finding in words; its evidence is for staff. */
export const toldFindingSchema = findingSchema.omit({ evidence: true }).extend({ detail: z.string() });

/** The answer's form of a finding, as partners see it. */
export const findingAnswerSchema = toldFindingSchema.extend({
  findingId: z.string(),
  audience: stored.askedOf.unwrap(),
  status: z.enum(['OPEN', 'RESOLVED']),
  dueAt: stored.dueAt,
});

/** The answer's form of a finding, as the desk sees it. */
export const deskFindingAnswerSchema = findingAnswerSchema.extend({
  orderNumber: z.string(),
  partnerId: z.string(),
  fix: z.string().optional(),
  evidence: stored.evidence,
  round: stored.round,
  openedAt: stored.foundAt,
  assignee: stored.assignee,
  question: stored.question,
  customerNote: stored.customerNote,
  resolution: stored.resolution,
});

/** A finding in words of a language, of an order that may not be one yet. */
export const toldFinding = (finding: Finding, language: Language): z.infer<typeof toldFindingSchema> => ({
  severity: finding.severity,
  code: finding.code,
  pointer: finding.pointer,
  detail: findingSentence(finding, language),
  ...(finding.value !== undefined && { value: finding.value }),
  ...(finding.expected !== undefined && { expected: finding.expected }),
  ...(finding.suggestion !== undefined && { suggestion: finding.suggestion }),
  ...(finding.cause !== undefined && { cause: finding.cause }),
});

/** A finding as partners see it with their order. */
export const findingResource = (
  orderNumber: string,
  finding: StoredFinding,
  language: Language,
): z.infer<typeof findingAnswerSchema> => ({
  findingId: findingIdOf(orderNumber, finding),
  ...toldFinding(finding, language),
  audience: audienceOf(finding),
  status: finding.open ? 'OPEN' : 'RESOLVED',
  ...(finding.dueAt && { dueAt: finding.dueAt }),
});

/** A finding as the desk sees it: whose it is, what its customer said, and how it was answered. */
export const deskFindingResource = (
  { orderNumber, partnerId }: { orderNumber: string; partnerId: string },
  finding: StoredFinding,
  language: Language,
): z.infer<typeof deskFindingAnswerSchema> => ({
  ...findingResource(orderNumber, finding, language),
  orderNumber,
  partnerId,
  ...(suggestionSentence(finding, language) && { fix: suggestionSentence(finding, language) }),
  ...(finding.evidence && { evidence: finding.evidence }),
  round: finding.round,
  openedAt: finding.foundAt,
  ...(finding.assignee && { assignee: finding.assignee }),
  ...(finding.question && { question: finding.question }),
  ...(finding.customerNote && { customerNote: finding.customerNote }),
  ...(finding.resolution && { resolution: finding.resolution }),
});
