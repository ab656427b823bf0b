import * as z from 'zod';
import { localTarget } from '../../admin/targets.ts';
import { type RawAnswer, type RawClient, rawClient } from './raw-client.ts';
import { openTestDesk } from './test-desk.ts';

/** The number of the order in an answer; fails when it has none. */
export const numberOf = ({ body }: RawAnswer): string =>
  z.object({ orderNumber: z.string() }).parse(body).orderNumber;

export type RawPost = (
  body: unknown,
  headers?: Record<string, string | undefined>,
  client?: RawClient,
) => Promise<RawAnswer>;

/** A test desk with callers that send whatever they are told to. */
export const openRawDesk = async () => {
  const desk = await openTestDesk();
  const { apiUrl, partners } = desk.endpoints;

  const keyOf = (partnerId: string): string => {
    const partner = partners.find((one) => one.partnerId === partnerId);
    if (!partner) throw new Error(`no key for ${partnerId}`);
    return partner.apiKey;
  };
  const withToken = (token: string): RawClient => rawClient(apiUrl, `Bearer ${token}`);
  const mall = withToken(keyOf('example-mall'));
  let posts = 0;
  const post: RawPost = (body, headers = {}, client = mall) =>
    client('POST', '/v1/orders', {
      body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      headers: { 'Idempotency-Key': `post-${++posts}`, ...headers },
    });

  return {
    ...desk,
    target: await localTarget(desk.stateDir),
    keyOf,
    withToken,
    as: (partnerId: string): RawClient => withToken(keyOf(partnerId)),
    mall,
    post,
  };
};

export type RawDesk = Awaited<ReturnType<typeof openRawDesk>>;
