import * as z from 'zod';
import { earliestDue } from '../../domain/findings/clarification.ts';
import { findingCodeSchema } from '../../domain/findings/finding.ts';
import { findingIdOf } from '../../domain/findings/finding-id.ts';
import { findingSentence } from '../../domain/findings/finding-messages.ts';
import { answerKinds, currentValue, offeredAnswers } from '../../domain/findings/questions.ts';
import { fulfilmentStatusOf, paymentStatusOf } from '../../domain/orders/order.ts';
import { statuses } from '../../domain/orders/status.ts';
import { type Language, languages } from '../../domain/values/languages.ts';
import { toDecimal } from '../../domain/values/money.ts';
import { type LinkAnswer, type LinkRequest, linkHandler } from '../answer-page/link-handler.ts';
import { type OpenedLink, openLink } from '../answer-page/open-link.ts';
import { questionPage } from '../answer-page/question-page.ts';
import { type AnswerLinks, answerLinks } from '../shared/answer-links.ts';
import { company } from '../shared/company.ts';
import type { Operation } from '../shared/operation.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';

type Deps = {
  links: Pick<AnswerLinks, 'find'>;
  orders: Pick<OrdersTable, 'read'>;
  company: () => { name: string; timeZone: string };
  now?: () => Date;
};

export const querySchema = z.object({ lang: z.enum(languages).optional() });

/** Where an order stands and what is asked: the answer to who asks for JSON. */
export const answerSchema = z.object({
  orderNumber: z.string(),
  customerOrderReference: z.string(),
  status: z.enum(statuses),
  paymentStatus: z.string(),
  fulfilmentStatus: z.string(),
  currency: z.string(),
  payableAmount: z.string(),
  promisedDate: z.iso.date().optional(),
  answerBefore: z.iso.datetime().optional(),
  questions: z.array(
    z.object({
      findingId: z.string(),
      code: findingCodeSchema,
      pointer: z.string(),
      detail: z.string(),
      question: z.string().optional(),
      suggestion: z.string().optional(),
      value: z.string(),
      answers: z.array(z.enum(answerKinds)),
    }),
  ),
});

export const operation = {
  summary: 'Opens a customer’s link: where the order stands and what is asked',
  query: querySchema,
  isLink: true,
  answers: { 200: { description: 'The facts, or a page', schema: answerSchema } },
} satisfies Operation;

const factsOf = ({ order, questions }: OpenedLink, language: Language): z.infer<typeof answerSchema> => {
  const { state, content } = order;
  return {
    orderNumber: state.orderNumber,
    customerOrderReference: state.customerOrderReference,
    status: state.status,
    paymentStatus: paymentStatusOf(state),
    fulfilmentStatus: fulfilmentStatusOf(state),
    currency: state.currency,
    payableAmount: toDecimal(state.payableAmount, state.currency),
    promisedDate:
      state.promisedDate ?? content.delivery.requestedDate ?? content.delivery.requestedPeriod?.end,
    answerBefore: earliestDue(questions),
    questions: questions.map((finding) => ({
      findingId: findingIdOf(state.orderNumber, finding),
      code: finding.code,
      pointer: finding.pointer,
      detail: findingSentence(finding, language),
      ...(finding.question && { question: finding.question }),
      ...(finding.suggestion && { suggestion: finding.suggestion }),
      value: currentValue(content, finding),
      answers: offeredAnswers(order, finding),
    })),
  };
};

/** GET /t/{token}: an order's open questions as a page, or as JSON for who asks for it. Changes nothing. */
export const createOpenAnswerPage =
  ({ links, orders, company, now = () => new Date() }: Deps) =>
  async ({ token, chosen, wantsJson }: LinkRequest): Promise<LinkAnswer> => {
    const opened = await openLink({ links, orders }, token, now());
    const language = chosen ?? opened.order.content.language;
    if (wantsJson) return { status: 200, json: factsOf(opened, language) };
    return {
      status: 200,
      page: questionPage({
        ...opened,
        language,
        company: company(),
        action: `${token}/answers`,
        otherLanguageUrl: `?lang=${language === 'en' ? 'zh-CN' : 'en'}`,
      }),
    };
  };

export const handler = linkHandler((request) =>
  createOpenAnswerPage({ links: answerLinks(), orders: ordersTable(), company })(request),
);
