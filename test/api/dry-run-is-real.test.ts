import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { emptyAccount } from '../../domain/customers/customer-account.ts';
import { findingSchema as storedFindingSchema } from '../../domain/findings/finding.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import type { Product } from '../../domain/product.ts';
import { rulesOf } from '../../domain/rules/rules.ts';
import { createPlaceOrderHandler } from '../../functions/api/place-order.ts';
import { createValidateOrder } from '../../functions/api/validate-order.ts';
import { createCheckOrder } from '../../functions/shared/check-order.ts';
import { contentRows, eventRow, fromRows, stateRow } from '../../functions/shared/order-rows.ts';
import type { NewOrder } from '../../functions/shared/orders-table.ts';
import { createPlaceOrder } from '../../functions/shared/place-order.ts';
import { HttpProblem } from '../../functions/shared/problem.ts';
import { createAuditOrder } from '../../functions/steps/audit-order.ts';
import { aCustomer, aPartner } from '../builders/a-partner.ts';
import { aProduct } from '../builders/a-product.ts';
import { aRequest } from '../builders/a-request.ts';
import { orderDay } from '../builders/a-submission.ts';
import { randomSubmission } from '../builders/random-submission.ts';

const runs = 5_000;

/** Evidence is for staff: a partner is not told it. */
const findingSchema = storedFindingSchema.omit({ evidence: true });

/** An order as it comes back from its rows. */
const stored = ({ state, content, event }: NewOrder): OrderRecord => {
  const { orderNumber } = state;
  const rows = [...contentRows(orderNumber, content), eventRow(orderNumber, event), stateRow(state)];
  const record = fromRows(JSON.parse(JSON.stringify(rows)));
  if (!record) throw new Error('an order is what its rows say');
  return record;
};

/** What validates, what places and the workflow's own audit, over memory. */
const aDesk = () => {
  const partner = aPartner({ currencies: ['CNY', 'JPY'], toleranceMinor: 20, usageKey: 'usage-of-the-mall' });
  const products: Product[] = [
    aProduct({ maximumPerOrder: 50, gtin: '6901234567892' }),
    aProduct({ sku: 'OLD', discontinued: true }),
    aProduct({ sku: 'TEA', requiredQualification: 'FOOD', hasVariants: false }),
  ];
  const names = new Map([
    ['OURS', 'TEA'],
    ['6901234567892', 'CUP-350-BL'],
  ]);
  const placed = new Map<string, OrderRecord>();
  const writes = { count: 0 };
  const orders = {
    findReference: async () => undefined,
    findAlike: async () => [],
    readContactMarks: async () => new Map(),
    readState: async () => undefined,
    findIdempotency: async () => undefined,
    nextNumbers: async () => {
      writes.count += 1;
      return writes.count;
    },
    create: async (order: NewOrder) => {
      placed.set(order.state.orderNumber, stored(order));
      return 'created' as const;
    },
    read: async (orderNumber: string) => placed.get(orderNumber),
    change: async (state: OrderRecord['state'], change: { findings?: OrderRecord['findings'] }) => {
      const order = placed.get(state.orderNumber);
      const [event] = order?.events ?? [];
      if (!order || !event) throw new Error('only orders on file change');
      order.findings = change.findings ?? [];
      return { outcome: 'changed' as const, state, event };
    },
  };
  const catalogue = {
    resolveSkus: async (
      _partnerId: string,
      lines: readonly { sku?: string; buyerItemId?: string; gtin?: string }[],
    ) => lines.map(({ sku, buyerItemId, gtin }) => sku ?? names.get(buyerItemId ?? gtin ?? '')),
    readRules: async () => rulesOf({}),
    articlesLike: async () => new Map(),
    readProducts: async (skus: readonly string[]) =>
      new Map(products.filter(({ sku }) => skus.includes(sku)).map((product) => [product.sku, product])),
  };
  const partners = {
    readPartner: async () => partner,
    findCustomer: async (_partnerId: string, { customerId }: { customerId?: string }) => ({
      customer: customerId === 'C10086' ? aCustomer({ tier: 'GOLD' }) : undefined,
      candidates: [],
    }),
  };
  const level = (sku: string) => ({ sku, onHand: 70, reserved: 0, available: 70 });
  const stock = {
    readLevels: async (skus: readonly string[]) => new Map(skus.map((sku) => [sku, level(sku)])),
    readReservation: async () => new Map<string, number>(),
    readAccount: async () => emptyAccount,
  };
  const documents = {
    put: async () => {
      writes.count += 1;
    },
  };
  const common = { orders, catalogue, partners, stock, timeZone: () => 'Asia/Shanghai', now: () => orderDay };
  const executions = { start: async () => {} };
  return {
    writes,
    placed,
    validate: createValidateOrder({ ...common, check: createCheckOrder(common).check }),
    post: createPlaceOrderHandler({
      ...common,
      placeOrder: createPlaceOrder({ ...common, documents, executions }),
    }),
    audit: createAuditOrder(common),
  };
};

type Desk = ReturnType<typeof aDesk>;

const verdictSchema = z.object({
  valid: z.boolean(),
  findings: z.array(findingSchema),
  validationToken: z.string().optional(),
});

/** What really becomes of a post: the refusal's problems, or what the workflow's audit stores. */
const realVerdict = async ({ post, audit, placed }: Desk, body: unknown) => {
  try {
    const answer = await post(aRequest({ body, headers: { 'idempotency-key': 'k' } }));
    const { orderNumber } = z.object({ orderNumber: z.string() }).parse(answer.body);
    const { outcome } = await audit({ orderNumber });
    const findings = z.array(findingSchema).parse(placed.get(orderNumber)?.findings);
    return { valid: outcome === 'passed', findings, accepted: true };
  } catch (error) {
    if (!(error instanceof HttpProblem) || error.type !== 'validation-failed') throw error;
    const findings = error.problems.map((problem) => ({ severity: 'ERROR', ...problem }));
    return { valid: false, findings, accepted: false };
  }
};

test(`${runs} random orders are found to be what they really are`, async () => {
  const desk = aDesk();
  const seen = { valid: 0, held: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(randomSubmission, async (body) => {
      const before = desk.writes.count;
      const answer = await desk.validate(aRequest({ body }));
      expect([answer.status, desk.writes.count]).toEqual([200, before]);
      const { validationToken, ...dry } = verdictSchema.parse(answer.body);
      const withToken = validationToken ? { ...Object(body), validationToken } : body;
      const { accepted, ...real } = await realVerdict(desk, withToken);
      expect(dry).toEqual(real);
      expect(validationToken !== undefined).toBe(accepted);
      seen[real.valid ? 'valid' : accepted ? 'held' : 'refused'] += 1;
    }),
    { numRuns: runs },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs / 50);
});
