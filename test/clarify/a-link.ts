import type { Context } from 'aws-lambda';
import { answerableQuestions } from '../../domain/findings/questions.ts';
import { linkHandler } from '../../functions/answer-page/link-handler.ts';
import { createAnswerByLink } from '../../functions/api/answer-by-link.ts';
import { createOpenAnswerPage } from '../../functions/api/open-answer-page.ts';
import { answerLinks } from '../../functions/shared/answer-links.ts';
import { createAnswerOrder } from '../../functions/shared/answer-order.ts';
import { createEditOrder } from '../../functions/shared/edit-order.ts';
import { aProxyEvent } from '../builders/a-request.ts';
import type { OrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

type Call = { query?: Record<string, string>; headers?: Record<string, string>; body?: string };

/** The customer's side of a desk: links as mails have them, the page behind them, and what is posted to it. */
export const customerLinks = (desk: OrderDesk) => {
  const links = answerLinks(desk.db, () => tables.orders);
  const answerOrder = createAnswerOrder({ ...desk, editOrder: createEditOrder(desk) });
  const open = linkHandler(createOpenAnswerPage({ ...desk, links }));
  const post = linkHandler(createAnswerByLink({ ...desk, links, answerOrder }));

  const event = (httpMethod: 'GET' | 'POST', token: string, { query = {}, headers = {}, body }: Call) =>
    aProxyEvent({
      httpMethod,
      path: httpMethod === 'GET' ? `/t/${token}` : `/t/${token}/answers`,
      resource: httpMethod === 'GET' ? '/t/{token}' : '/t/{token}/answers',
      pathParameters: { token },
      queryStringParameters: query,
      headers,
      body: body ?? null,
      principal: undefined,
    });
  const context = {} as Context;

  return {
    links,
    answerOrder,
    /** A link to the questions that an order asks its customer now, as its mail would have it. */
    issue: async (orderNumber: string, hours = 72): Promise<string> =>
      links.issue({
        orderNumber,
        numbers: answerableQuestions(await desk.read(orderNumber)).map(({ number }) => number),
        issuedAt: desk.now(),
        expiresAt: new Date(desk.now().getTime() + hours * 3_600_000),
      }),
    get: (token: string, call: Call = {}) => open(event('GET', token, call), context),
    post: (token: string, call: Call = {}) => post(event('POST', token, call), context),
    form: (token: string, fields: Record<string, string>, call: Call = {}) =>
      post(
        event('POST', token, {
          ...call,
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...call.headers },
          body: new URLSearchParams(fields).toString(),
        }),
        context,
      ),
    json: (token: string, body: unknown) =>
      post(
        event('POST', token, {
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify(body),
        }),
        context,
      ),
  };
};
