import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import * as z from 'zod';

const problemSchema = z.looseObject({
  type: z.string().startsWith('https://docs.example.com/problems/'),
  title: z.string().min(1),
  status: z.int(),
  requestId: z.string().min(1),
  detail: z.string().optional(),
  errors: z
    .array(
      z.object({
        pointer: z.string().startsWith('#'),
        code: z.string(),
        detail: z.string().min(1),
        value: z.string().optional(),
        suggestion: z.string().optional(),
      }),
    )
    .optional(),
});
export type ProblemAnswer = z.infer<typeof problemSchema>;

export type RawAnswer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  body: unknown;
};

type RawRequest = { headers?: Record<string, string | undefined>; body?: string | Buffer };

const send = (url: URL, method: string, { headers = {}, body }: RawRequest): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const given = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    const call = request(url, { method, headers: Object.fromEntries(given) });
    call.once('error', reject);
    call.once('response', (response) => {
      buffer(response).then((bytes) => {
        const text = bytes.toString('utf8');
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, text, body: text === '' ? undefined : JSON.parse(text) });
      }, reject);
    });
    call.end(body);
  });

/** Every refusal, whoever makes it, is an RFC 9457 problem that tells nothing of the inside. */
const expectProblem = ({ status, headers, body, text }: RawAnswer): void => {
  expect(headers['content-type'], text).toBe('application/problem+json');
  expect(problemSchema.parse(body).status, text).toBe(status);
  expect(text).not.toMatch(/node_modules|\.ts:|\.mjs:|at \w+ \(|Dynamo|arn:aws/);
};

/** Sends requests as they are, well-formed or not, with one credential; every answer of 400 and more is checked to be a problem. */
export const rawClient =
  (apiUrl: string, authorization: string | undefined) =>
  async (method: string, path: string, { headers, body }: RawRequest = {}): Promise<RawAnswer> => {
    const all = {
      ...(authorization !== undefined && { Authorization: authorization }),
      ...(body !== undefined && {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
      }),
      ...headers,
    };
    const answer = await send(new URL(path, apiUrl), method, {
      headers: all,
      ...(body !== undefined && { body }),
    });
    if (answer.status >= 400) expectProblem(answer);
    return answer;
  };

export type RawClient = ReturnType<typeof rawClient>;

/** The problem that an answer is; fails for any other answer. */
export const problemOf = ({ status, body, text }: RawAnswer): ProblemAnswer => {
  if (status < 400) throw new Error(`${status} is no refusal: ${text}`);
  return problemSchema.parse(body);
};

/** The last word of the problem's type, as the contract lists them. */
export const problemName = (answer: RawAnswer): string => problemOf(answer).type.split('/').at(-1) ?? '';
