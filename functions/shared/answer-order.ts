import { decideAnswers } from '../../domain/findings/answer-questions.ts';
import type { Company } from '../../domain/findings/decision.ts';
import type { Problem } from '../../domain/findings/finding.ts';
import {
  type Answer,
  answerableQuestions,
  correctionOf,
  offeredAnswers,
} from '../../domain/findings/questions.ts';
import type { OrderRecord, StoredFinding } from '../../domain/orders/order.ts';
import { changeOrder } from './change-order.ts';
import type { EditOrder } from './edit-order.ts';
import { contentRowsInPlaceOf } from './order-rows.ts';
import type { OrderChange, OrdersTable } from './orders-table.ts';
import { HttpProblem, validationFailed } from './problem.ts';
import type { OrderWaits } from './waits.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  waits: Pick<OrderWaits, 'wake'>;
  editOrder: EditOrder;
  company: () => Company;
  now?: () => Date;
};

/** True while an order's questions wait for their answers: nobody has cancelled or rejected it. */
export const isAnswerable = ({ state: { status, cancellation, rejected } }: OrderRecord): boolean =>
  status === 'ON_HOLD' && cancellation === undefined && !rejected;

const problemsWith = (order: OrderRecord, finding: StoredFinding, { answer, value }: Answer): Problem[] => {
  if (!offeredAnswers(order, finding).includes(answer))
    return [{ code: 'ENUM_UNKNOWN', pointer: finding.pointer, value: answer }];
  return answer === 'CORRECT' && !value ? [{ code: 'REQUIRED_MISSING', pointer: finding.pointer }] : [];
};

/**
 * Stores answers to open questions, by the numbers of their findings; the last one that an order waits for lets all checks run
 * again. Throws HttpProblem: `conflict` when a question is not open to them, `validation-failed` with all problems at once.
 */
export const createAnswerOrder = ({ orders, waits, editOrder, company, now = () => new Date() }: Deps) => {
  const decide = async (
    order: OrderRecord,
    answers: ReadonlyMap<number, Answer>,
    actor: string,
    questionsOf: (order: OrderRecord) => StoredFinding[],
  ): Promise<OrderChange> => {
    const open = new Map(isAnswerable(order) ? questionsOf(order).map((one) => [one.number, one]) : []);
    const answered = [...answers].map(([number, answer]) => {
      const finding = open.get(number);
      if (!finding) throw new HttpProblem('conflict', { number });
      return { finding, answer };
    });
    const problems = answered.flatMap(({ finding, answer }) => problemsWith(order, finding, answer));
    if (problems.length > 0) throw validationFailed(problems);
    const changes = answered.flatMap(({ finding, answer }) => correctionOf(finding, answer) ?? []);
    const ours = answered.flatMap(({ finding, answer }) => (answer.answer === 'ACCEPT' ? [finding] : []));
    const at = now();
    const isEdit = changes.length > 0 || ours.length > 0;
    const edited = isEdit ? await editOrder(order, { changes, ours }, at) : undefined;
    if (edited && 'problems' in edited) throw validationFailed(edited.problems);
    return {
      ...decideAnswers(order, answered, edited, actor, company(), at),
      ...(edited && { rows: contentRowsInPlaceOf(order.state.orderNumber, order.content, edited.content) }),
    };
  };

  return async (
    order: OrderRecord,
    answers: ReadonlyMap<number, Answer>,
    actor: string,
    questionsOf: (order: OrderRecord) => StoredFinding[] = answerableQuestions,
  ): Promise<void> => {
    const { orderNumber } = order.state;
    await changeOrder(
      orders,
      orderNumber,
      (current) => decide(current, answers, actor, questionsOf),
      now(),
      order,
    );
    await waits.wake(orderNumber);
  };
};

export type AnswerOrder = ReturnType<typeof createAnswerOrder>;
