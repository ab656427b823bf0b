import { answerableQuestions } from '../../domain/findings/questions.ts';
import type { OrderRecord, StoredFinding } from '../../domain/orders/order.ts';
import type { AnswerLink, AnswerLinks } from '../shared/answer-links.ts';
import { isAnswerable } from '../shared/answer-order.ts';
import type { OrdersTable } from '../shared/orders-table.ts';
import { LinkRefused } from './link-handler.ts';

/** The questions of an order that a link may answer: still open, and not asked anew since the link was sent. */
export const questionsOfLink =
  ({ numbers, issuedAt }: AnswerLink) =>
  (order: OrderRecord): StoredFinding[] =>
    isAnswerable(order)
      ? answerableQuestions(order).filter(
          ({ number, askedAt }) => numbers.includes(number) && (askedAt === undefined || askedAt <= issuedAt),
        )
      : [];

type Deps = { links: Pick<AnswerLinks, 'find'>; orders: Pick<OrdersTable, 'read'> };

export type OpenedLink = { link: AnswerLink; order: OrderRecord; questions: StoredFinding[] };

/** What a link opens. Throws LinkRefused when that is nothing, or nothing any more: a link is used once its questions are answered. */
export const openLink = async ({ links, orders }: Deps, token: string, now: Date): Promise<OpenedLink> => {
  const link = await links.find(token, now);
  const order = link && (await orders.read(link.orderNumber));
  const questions = order ? questionsOfLink(link)(order) : [];
  if (!link || !order || questions.length === 0) throw new LinkRefused();
  return { link, order, questions };
};
