import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { submissionSchema } from '../../domain/submissions/order-schema.ts';
import { catalogueTable } from '../shared/catalogue-table.ts';
import { documentsBucket } from '../shared/documents.ts';
import { env } from '../shared/env.ts';
import { orderExecutions } from '../shared/executions.ts';
import { toldFinding } from '../shared/finding-resource.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { mailDomains } from '../shared/mail-domains.ts';
import type { Operation } from '../shared/operation.ts';
import { partnerIdOf, readOrderBody, tokenOf } from '../shared/order-body.ts';
import { orderResource } from '../shared/order-resource.ts';
import { orderResourceSchema } from '../shared/order-resource-schema.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { createPlaceOrder, type PlaceOrder } from '../shared/place-order.ts';
import { HttpProblem, validationFailed } from '../shared/problem.ts';
import { stockTable } from '../shared/stock-table.ts';
import { readValidationToken, type ValidationChange } from '../shared/validation-token.ts';

export const operation = {
  summary: 'Submits an order',
  body: submissionSchema,
  headers: {
    'Idempotency-Key': '1–255 visible ASCII characters; the same post under the same key has the same answer',
  },
  answers: {
    200: {
      description: 'The order was placed before, under another key',
      schema: orderResourceSchema,
      headers: { Location: 'Path of the order' },
    },
    202: {
      description: 'The order is taken in',
      schema: orderResourceSchema,
      headers: {
        Location: 'Path of the order',
        'Idempotent-Replayed': '`true` for an answer that was given before',
      },
    },
  },
  problems: [
    'idempotency-key-missing',
    'idempotency-key-reused',
    'request-in-progress',
    'duplicate-order-reference',
    'validation-outdated',
    'validation-token-invalid',
    'validation-token-foreign',
    'validation-token-expired',
    'validation-token-mismatch',
  ],
} satisfies Operation;

type Deps = {
  placeOrder: PlaceOrder;
  orders: Pick<OrdersTable, 'findIdempotency' | 'read'>;
  partners: Pick<PartnersTable, 'readPartner'>;
  now?: () => Date;
};

/** An RFC 8941 string with or without its quotes: 1–255 visible ASCII characters. */
const idempotencyKey = (header: string | undefined): string => {
  const [, quoted, bare] =
    /^(?:"([\x21-\x7e]{1,255})"|([\x21\x23-\x7e][\x21-\x7e]{0,254}))$/.exec(header ?? '') ?? [];
  const key = quoted ?? bare;
  if (key === undefined) throw new HttpProblem('idempotency-key-missing');
  return key;
};

/** Scoped to partner and path; hashed, so that a key of any length and content makes a table key. */
const scopedKey = (partnerId: string, resource: string, key: string): string =>
  `${partnerId}#${createHash('sha256').update(`${resource}\n${key}`).digest('hex')}`;

const outdated = ({ appeared, ...change }: ValidationChange, { language }: HttpRequest) => ({
  ...change,
  appeared: appeared.map((finding) => toldFinding(finding, language)),
});

/** POST /v1/orders: 202 and the order; the same post again has the same answer, contract §3. */
export const createPlaceOrderHandler = ({ placeOrder, orders, partners, now = () => new Date() }: Deps) => {
  const replay = async (key: string, fingerprint: string): Promise<HttpAnswer | undefined> => {
    const earlier = await orders.findIdempotency(key, now());
    if (!earlier) return undefined;
    if (earlier.fingerprint !== fingerprint) throw new HttpProblem('idempotency-key-reused');
    const body = z
      .looseObject({ orderNumber: z.string() })
      .parse(JSON.parse(gunzipSync(earlier.response).toString()));
    return {
      status: 202,
      body,
      headers: { Location: `/v1/orders/${body.orderNumber}`, 'Idempotent-Replayed': 'true' },
    };
  };

  const existing = async (orderNumber: string, { language }: HttpRequest): Promise<HttpAnswer> => {
    const order = await orders.read(orderNumber);
    if (!order) throw new HttpProblem('unavailable');
    return {
      status: 200,
      body: orderResource(order, language),
      headers: { Location: `/v1/orders/${orderNumber}` },
    };
  };

  return async (request: HttpRequest): Promise<HttpAnswer> => {
    const partnerId = partnerIdOf(request.principal);
    const { body, text, fingerprint } = readOrderBody(request);
    const key = scopedKey(partnerId, request.resource, idempotencyKey(request.headers['idempotency-key']));
    const [replayed, partner] = await Promise.all([
      replay(key, fingerprint),
      partners.readPartner(partnerId),
    ]);
    if (replayed) return replayed;
    if (!partner) throw new HttpProblem('forbidden');
    const token = tokenOf(body);
    const placed = await placeOrder({
      partner,
      body,
      source: { kind: 'API', text },
      idempotency: { key, fingerprint },
      // A token of another type is refused with the order's other fields.
      validated:
        typeof token === 'string'
          ? () => readValidationToken(token, { partner, fingerprint, now: now() })
          : undefined,
      commit: true,
    });
    switch (placed.outcome) {
      case 'created':
        return {
          status: 202,
          body: orderResource(placed.record, placed.record.content.language),
          headers: { Location: `/v1/orders/${placed.orderNumber}` },
        };
      case 'duplicate':
        return (await replay(key, fingerprint)) ?? existing(placed.orderNumber, request);
      case 'conflict':
        throw new HttpProblem('duplicate-order-reference', { existingOrderNumber: placed.orderNumber });
      case 'outdated':
        throw new HttpProblem('validation-outdated', outdated(placed.change, request));
      case 'invalid':
        throw validationFailed(placed.problems);
      case 'key-taken': {
        const taken = await replay(key, fingerprint);
        if (taken) return taken;
        throw new HttpProblem('request-in-progress');
      }
      case 'valid':
        throw new Error('a commit does not end as a dry run');
      default:
        return placed satisfies never;
    }
  };
};

const timeZoneEnv = env({ COMPANY_TIME_ZONE: z.string() });

const findDeadAddresses = mailDomains();

export const handler = httpHandler((request) =>
  createPlaceOrderHandler({
    placeOrder: createPlaceOrder({
      orders: ordersTable(),
      catalogue: catalogueTable(),
      partners: partnersTable(),
      documents: documentsBucket(),
      executions: orderExecutions(),
      stock: stockTable(),
      findDeadAddresses,
      timeZone: () => timeZoneEnv().COMPANY_TIME_ZONE,
    }),
    orders: ordersTable(),
    partners: partnersTable(),
  })(request),
);
