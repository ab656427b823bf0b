import * as z from 'zod';
import { mayView } from '../../domain/permissions.ts';
import type { InboundMail } from '../../domain/uploads/inbound-mail.ts';
import { inboundMailSchema } from '../../domain/uploads/inbound-mail.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { type InboundMailsTable, inboundMailsTable } from '../shared/inbound-mails-table.ts';
import { parseQuery, readCursor, writeCursor } from '../shared/list-query.ts';
import { nextCursorSchema, type Operation } from '../shared/operation.ts';
import { HttpProblem } from '../shared/problem.ts';

const querySchema = z.strictObject({
  status: z.literal('refused').default('refused'),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().min(1).max(2000).optional(),
});

const keySchema = z.strictObject({
  pk: z.string().regex(/^INBOUND_MAIL#[a-z0-9]{1,64}$/),
  sk: z.literal('INBOUND_MAIL'),
  openStatus: z.string(),
  statusSince: z.iso.datetime(),
});

/** Where a mail lies is not for the desk's screens. */
const shown = ({ objectKey: _key, versionId: _version, ...mail }: InboundMail) => mail;

export const operation = {
  summary: 'Lists mails that were not taken as orders, the latest first; for the desk',
  query: querySchema,
  answers: {
    200: {
      description: 'A page of mails',
      schema: z.object({
        mails: z.array(inboundMailSchema.omit({ objectKey: true, versionId: true })),
        nextCursor: nextCursorSchema,
      }),
    },
  },
} satisfies Operation;

type Deps = { mails: Pick<InboundMailsTable, 'listRefused'> };

/** GET /desk/inbound-mails: mails that were not taken as orders, the latest first, a page at a time. */
export const createListInboundMails =
  ({ mails }: Deps) =>
  async ({ principal, query }: HttpRequest): Promise<HttpAnswer> => {
    if (!mayView(principal, 'inbound-mails')) throw new HttpProblem('forbidden');
    const { limit, cursor } = parseQuery(querySchema, query);
    const page = await mails.listRefused(
      limit,
      cursor === undefined ? undefined : readCursor(cursor, keySchema),
    );
    return {
      status: 200,
      body: {
        mails: page.mails.map(shown),
        ...(page.next && { nextCursor: writeCursor(page.next) }),
      },
    };
  };

export const handler = httpHandler((request) =>
  createListInboundMails({ mails: inboundMailsTable() })(request),
);
