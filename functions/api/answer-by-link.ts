import * as z from 'zod';
import type { Decision } from '../../domain/findings/decision.ts';
import { findingSentence } from '../../domain/findings/finding-messages.ts';
import { type Answer, answerSchema } from '../../domain/findings/questions.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { type Language, languages } from '../../domain/values/languages.ts';
import { answerOf, answersInForm } from '../answer-page/answers-form.ts';
import { type LinkAnswer, LinkRefused, type LinkRequest, linkHandler } from '../answer-page/link-handler.ts';
import { type OpenedLink, openLink, questionsOfLink } from '../answer-page/open-link.ts';
import { questionPage, thanksPage } from '../answer-page/question-page.ts';
import { texts } from '../answer-page/texts.ts';
import { type AnswerLinks, answerLinks } from '../shared/answer-links.ts';
import { type AnswerOrder, createAnswerOrder } from '../shared/answer-order.ts';
import { catalogueTable } from '../shared/catalogue-table.ts';
import { changeOrder } from '../shared/change-order.ts';
import { company } from '../shared/company.ts';
import { createEditOrder } from '../shared/edit-order.ts';
import { companyEnv } from '../shared/env.ts';
import { parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { partnersTable } from '../shared/partners-table.ts';
import { HttpProblem, validationFailed } from '../shared/problem.ts';
import { stockTable } from '../shared/stock-table.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';
import { answersByNumber } from './answer-questions.ts';

/** Who answers by a link is whoever the mail went to: no name is known. */
const actor = 'customer';

/** The JSON form of the page's two forms. */
export const bodySchema = z.union([
  z.strictObject({
    answers: z
      .array(answerSchema.extend({ findingId: z.string().max(60) }))
      .min(1)
      .max(500),
  }),
  z.strictObject({ cancel: z.literal(true) }),
]);

const outcomes = ['answered', 'passed', 'cancelled'] as const;
type Outcome = (typeof outcomes)[number];

/** What became of the answers, for who asks for JSON: checked again, partly for staff to decide, or cancelled. */
export const resultSchema = z.object({ orderNumber: z.string(), outcome: z.enum(outcomes) });

export const operation = {
  summary: 'Answers all questions of a customer’s link, or cancels the order',
  body: bodySchema,
  isLink: true,
  answers: { 200: { description: 'What became of it, or a page', schema: resultSchema } },
  problems: ['conflict', 'illegal-transition', 'not-offered'],
} satisfies Operation;

type Deps = {
  links: Pick<AnswerLinks, 'find'>;
  orders: Pick<OrdersTable, 'read' | 'change'>;
  waits: Pick<OrderWaits, 'wake'>;
  answerOrder: AnswerOrder;
  company: () => { name: string; timeZone: string };
  now?: () => Date;
};

type Wanted = { cancel: true } | { given: Map<number, Partial<Answer>> };

const languageSchema = z.enum(languages).optional().catch(undefined);

const cancellationOf = (link: OpenedLink['link'], order: OrderRecord, now: Date): Decision => {
  if (questionsOfLink(link)(order).length === 0) throw new LinkRefused();
  const reasonCode = 'CUSTOMER_CANCELLED';
  return {
    event: { type: 'order.cancellation_requested', actor, data: { reasonCode } },
    facts: { cancellation: { reasonCode, requestedAt: now.toISOString(), requestedBy: actor } },
  };
};

/** POST /t/{token}/answers: a form of the page, or JSON. All questions that the link asks are answered at once, or the order is cancelled. */
export const createAnswerByLink = ({
  links,
  orders,
  waits,
  answerOrder,
  company,
  now = () => new Date(),
}: Deps) => {
  const read = (
    body: ReturnType<LinkRequest['body']>,
    { order, questions }: OpenedLink,
  ): { wanted: Wanted; language?: Language | undefined } => {
    if (!body) throw new HttpProblem('malformed-json');
    if (body.kind === 'form') {
      const language = languageSchema.parse(body.fields.get('lang') ?? undefined);
      if (body.fields.get('cancel') === 'yes') return { wanted: { cancel: true }, language };
      const given = answersInForm(
        body.fields,
        questions.map(({ number }) => number),
      );
      return { wanted: { given }, language };
    }
    const parsed = parseBody(bodySchema, body.value);
    return 'cancel' in parsed
      ? { wanted: { cancel: true } }
      : { wanted: { given: answersByNumber(parsed, order.state.orderNumber) } };
  };

  /** Answers to all questions of the link; the messages for those that lack one, by their numbers. */
  const complete = (
    { questions }: OpenedLink,
    given: ReadonlyMap<number, Partial<Answer>>,
    language: Language,
  ) => {
    const answers = new Map<number, Answer>();
    const messages = new Map<number, string>();
    for (const { number } of questions) {
      const answer = answerOf(given.get(number) ?? {});
      const fit = answerSchema.safeParse(answer);
      if (fit.success) answers.set(number, fit.data);
      else
        messages.set(
          number,
          answer ? findingSentence({ code: 'FORMAT_INVALID' }, language) : texts[language].choose,
        );
    }
    return { answers, messages };
  };

  const messagesOf = ({ questions }: OpenedLink, problem: HttpProblem, language: Language) =>
    new Map(
      problem.problems.map((item) => [
        questions.find(({ pointer }) => item.pointer === pointer)?.number ?? 0,
        findingSentence(item, language),
      ]),
    );

  const cancel = async ({ link, order }: OpenedLink) => {
    const { orderNumber } = order.state;
    await changeOrder(orders, orderNumber, (current) => cancellationOf(link, current, now()), now(), order);
    await waits.wake(orderNumber);
  };

  const outcomeOf = async ({ order }: OpenedLink): Promise<Outcome> => {
    const after = await orders.read(order.state.orderNumber);
    return after && after.state.openFindings > 0 ? 'passed' : 'answered';
  };

  return async (request: LinkRequest): Promise<LinkAnswer> => {
    const opened = await openLink({ links, orders }, request.token, now());
    const { order, link, questions } = opened;
    const { wanted, language = request.chosen ?? order.content.language } = read(request.body(), opened);
    const told = (outcome: Outcome): LinkAnswer =>
      request.wantsJson
        ? { status: 200, json: { orderNumber: order.state.orderNumber, outcome } }
        : { status: 200, page: thanksPage(language, company().name, outcome) };
    if ('cancel' in wanted) {
      await cancel(opened);
      return told('cancelled');
    }
    const { given } = wanted;
    const shown = (messages: ReadonlyMap<number, string>): LinkAnswer => ({
      status: 422,
      page: questionPage({
        order,
        questions,
        language,
        company: company(),
        action: 'answers',
        otherLanguageUrl: `../${request.token}?lang=${language === 'en' ? 'zh-CN' : 'en'}`,
        given,
        messages,
      }),
    });
    const { answers, messages } = complete(opened, given, language);
    const isForeign = [...given.keys()].some((number) => !questions.some((one) => one.number === number));
    if (isForeign) throw new LinkRefused();
    if (messages.size > 0) {
      if (!request.wantsJson) return shown(messages);
      throw validationFailed(
        [...messages.keys()].map(() => ({ code: 'REQUIRED_MISSING', pointer: '#/answers' })),
      );
    }
    try {
      await answerOrder(order, answers, actor, questionsOfLink(link));
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      if (request.wantsJson || error.type !== 'validation-failed') throw error;
      return shown(messagesOf(opened, error, language));
    }
    return told(await outcomeOf(opened));
  };
};

export const handler = linkHandler((request) => {
  const orders = ordersTable();
  const waits = orderWaits(orders);
  const editOrder = createEditOrder({
    catalogue: catalogueTable(),
    partners: partnersTable(),
    stock: stockTable(),
    timeZone: () => companyEnv().COMPANY_TIME_ZONE,
  });
  const answerOrder = createAnswerOrder({ orders, waits, editOrder, company });
  return createAnswerByLink({ links: answerLinks(), orders, waits, answerOrder, company })(request);
});
