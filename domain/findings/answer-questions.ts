import type { OrderRecord, StoredFinding } from '../orders/order.ts';
import type { Company, Decision } from './decision.ts';
import { toDepartment } from './decision.ts';
import { questionsFor } from './finding-audience.ts';
import { resolveByNumber } from './finding-decisions.ts';
import { findingIdOf } from './finding-id.ts';
import { type Answer, afterConfirmation } from './questions.ts';
import { dataOfEdit, type Edited, factsOfEdit, findingsAfterEdit } from './resolve-finding.ts';

/** A question with its answer. */
export type Answered = { finding: StoredFinding; answer: Answer };

/** Stores answers: what they settle is settled, what they leave to us is passed to the desk with what was said. */
export const decideAnswers = (
  order: OrderRecord,
  answered: readonly Answered[],
  edited: Edited | undefined,
  actor: string,
  company: Company,
  now: Date,
): Decision => {
  const { state, findings } = order;
  const at = now.toISOString();
  const numbersOf = (kind: Answer['answer']) =>
    answered.flatMap(({ finding, answer }) => (answer.answer === kind ? [finding.number] : []));
  const accepted = resolveByNumber(findings, new Set(numbersOf('ACCEPT')), {
    action: 'ACCEPT_OURS',
    by: actor,
    at,
  });
  const corrected = edited
    ? findingsAfterEdit(accepted, edited, numbersOf('CORRECT'), { action: 'EDIT', by: actor, at })
    : accepted;
  const after = answered.reduce(
    (before, { finding, answer: { answer, note } }) =>
      answer === 'CONFIRM' ? afterConfirmation(before, finding, note, actor, now) : before,
    corrected,
  );
  const passedOn =
    questionsFor(after, 'sales', 'staff').length > questionsFor(findings, 'sales', 'staff').length;
  return {
    event: {
      type: 'order.answered',
      actor,
      data: {
        answers: answered.map(({ finding, answer }) => ({
          findingId: findingIdOf(state.orderNumber, finding),
          code: finding.code,
          pointer: finding.pointer,
          ...answer,
        })),
        ...(edited && dataOfEdit(edited)),
      },
    },
    ...(edited && { facts: factsOfEdit(edited) }),
    findings: after,
    mails: passedOn ? [toDepartment(company, 'desk', 'clarification')] : [],
  };
};
