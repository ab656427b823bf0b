import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import * as z from 'zod';
import { type Language, languageOf, languages } from '../../domain/values/languages.ts';
import { classifyError } from '../shared/classify-error.ts';
import { logger } from '../shared/logger.ts';
import { HttpProblem, problemBody } from '../shared/problem.ts';
import { pageHeaders } from './layout.ts';
import { failedPage, refusedPage } from './question-page.ts';

/** A link that opens nothing: forged, expired, used or of another order. All of them look the same. */
export class LinkRefused extends Error {
  override readonly name = 'LinkRefused';
}

/** What is no question of the link's order, or is answered by now, is refused like the link itself. */
const isRefusal = (error: unknown): boolean =>
  error instanceof LinkRefused || (error instanceof HttpProblem && error.type === 'conflict');

/** The largest answer: 500 questions with a note each stay below it. */
const maxBodyBytes = 200 * 1024;

export type LinkRequest = {
  token: string;
  /** The language that the caller chose on the page. */
  chosen: Language | undefined;
  language: Language;
  wantsJson: boolean;
  /** A form as pairs or a JSON body; undefined when it is neither, or too large. */
  body: () => { kind: 'form'; fields: URLSearchParams } | { kind: 'json'; value: unknown } | undefined;
};

/** A page for people, or the same facts for programs. */
export type LinkAnswer = { status: number; page: string } | { status: number; json: unknown };

const languageSchema = z.enum(languages).optional().catch(undefined);

const readBody = ({
  body,
  isBase64Encoded,
  headers,
}: APIGatewayProxyEvent): ReturnType<LinkRequest['body']> => {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) return undefined;
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-www-form-urlencoded')
    return { kind: 'form', fields: new URLSearchParams(bytes.toString('utf8')) };
  if (mediaType !== 'application/json') return undefined;
  try {
    return { kind: 'json', value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    return undefined;
  }
};

const { 'Content-Type': _html, ...safeHeaders } = pageHeaders;

const respond = (answer: LinkAnswer): APIGatewayProxyResult =>
  'page' in answer
    ? {
        statusCode: answer.status,
        headers: { ...pageHeaders, 'Cache-Control': 'no-store' },
        body: answer.page,
      }
    : {
        statusCode: answer.status,
        headers: {
          ...safeHeaders,
          'Content-Type': `application/${answer.status < 400 ? 'json' : 'problem+json'}`,
          'Cache-Control': 'no-store',
        },
        body: JSON.stringify(answer.json),
      };

/** Says neither the path nor the request: the one holds the token, the other would tell refusals apart. */
const problemJson = (problem: HttpProblem, language: Language) => {
  const {
    instance: _instance,
    requestId: _request,
    ...body
  } = problemBody(problem, {
    path: '',
    requestId: '',
    language,
  });
  return body;
};

const refusal = ({ wantsJson, language }: Pick<LinkRequest, 'wantsJson' | 'language'>): LinkAnswer =>
  wantsJson
    ? { status: 404, json: problemJson(new HttpProblem('not-found'), language) }
    : { status: 404, page: refusedPage(language) };

const failure = (
  error: unknown,
  { wantsJson, language }: Pick<LinkRequest, 'wantsJson' | 'language'>,
): LinkAnswer => {
  if (error instanceof HttpProblem)
    return wantsJson
      ? { status: error.status, json: problemJson(error, language) }
      : { status: error.status, page: failedPage(language) };
  const fault = classifyError(error);
  logger.error('link failed', { fault: fault.name });
  return wantsJson
    ? { status: 503, json: problemJson(new HttpProblem('unavailable'), language) }
    : { status: 503, page: failedPage(language) };
};

const requestOf = (event: APIGatewayProxyEvent): LinkRequest => {
  const { headers } = event;
  const chosen = languageSchema.parse(event.queryStringParameters?.lang);
  return {
    token: event.pathParameters?.token ?? '',
    chosen,
    language: chosen ?? languageOf(headers['accept-language']),
    wantsJson: /^\s*application\/json\b/i.test(headers.accept ?? ''),
    body: () => readBody(event),
  };
};

/** A Lambda behind a customer's link: no caller but the link itself, whose token stands in no log line. */
export const linkHandler = (handle: (request: LinkRequest) => Promise<LinkAnswer>) =>
  middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>()
    .use(httpHeaderNormalizer())
    .handler(async (event) => {
      const request = requestOf(event);
      const answer = await handle(request).catch((error: unknown) =>
        isRefusal(error) ? refusal(request) : failure(error, request),
      );
      logger.info('link done', { method: event.httpMethod, status: answer.status });
      return respond(answer);
    });
