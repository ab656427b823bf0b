import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import type { FindingCode } from '../../domain/findings/finding.ts';
import type { Partner } from '../../domain/partner.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { createResolveFinding } from '../../functions/api/resolve-finding.ts';
import { createCheckOrder } from '../../functions/shared/check-order.ts';
import { createCancelOrder } from '../../functions/steps/cancel-order.ts';
import { aPromotion } from '../builders/a-pricing.ts';
import { aRequest, asStaff } from '../builders/a-request.ts';
import { aSubmission, aSubmittedLine } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';
import { heldOrders } from '../clarify/a-held-order.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addProduct('PU-1', 1000);
  const skus = ['PU-1'];
  await at.desk.addRules('promotions', {
    promotions: [
      aPromotion({ code: 'ONCE', skus, usesPerCustomer: 1 }),
      aPromotion({ code: 'THRICE', skus, usesPerCustomer: 3, benefit: { type: 'PERCENT', value: '20' } }),
    ],
  });
});

/** One piece at 39.90 less what the promotion gives, for a customer known by its address. */
const promoted = (who: string, code = 'ONCE'): Partial<SubmissionInput> => ({
  buyer: { name: '某某某', contact: { email: `${who}@example.com` } },
  lines: [aSubmittedLine({ sku: 'PU-1', quantity: 1, unitPrice: code === 'ONCE' ? '35.91' : '31.92' })],
  promotionCodes: [code],
});
/** The step as the state machine runs it: again, as long as others are in the way. */
const reserve = async (orderNumber: string): Promise<string> => {
  try {
    return (await at.desk.reserve({ orderNumber })).outcome;
  } catch (error) {
    if (error instanceof Error && error.name === 'Retryable') return reserve(orderNumber);
    throw error;
  }
};
const openFindings = async (orderNumber: string) =>
  (await at.desk.read(orderNumber)).findings
    .filter(({ open }) => open)
    .map(({ code, cause }) => `${code} ${cause}`);
const usedUp = ['PRICE_MISMATCH OTHER', 'PROMOTION_INVALID PROMOTION_USED_UP'];
/** What its customer's account counts of a promotion, beside what the order itself tells. */
const countOf = async (orderNumber: string, code: string) => {
  const { heldInAccount } = (await at.desk.read(orderNumber)).state;
  const Key = { pk: `ACCOUNT#${heldInAccount?.accountId}`, sk: 'STANDING' };
  const { Item } = await at.desk.db.send(new GetCommand({ TableName: tables.stock, Key }));
  return Item?.[`used@${code}@2026-03-01`];
};
const decide = async (orderNumber: string, code: FindingCode, action: string) => {
  const { idOf, editOrder } = heldOrders(at.desk);
  await createResolveFinding({ ...at.desk, editOrder })(
    aRequest({
      principal: asStaff('manager'),
      path: { findingId: await idOf(orderNumber, code) },
      body: { action, reason: 'as agreed' },
    }),
  );
};
const cancel = (orderNumber: string) => createCancelOrder(at.desk)({ orderNumber, reasonCode: 'REQUESTED' });

test('a promotion that a customer has used up holds its next order, and nobody else’s', async () => {
  await at.desk.accept(mall, 'PU-1', promoted('li'));
  expect(await openFindings(await at.desk.accept(mall, 'PU-1', promoted('li')))).toEqual(usedUp);
  expect(await openFindings(await at.desk.accept(mall, 'PU-1', promoted('zhao')))).toEqual([]);
});

test('a dry run reads the same counts', async () => {
  const { check } = createCheckOrder(at.desk);
  const verdictFor = async (who: string) => {
    const { customerId: _own, ...buyer } = aSubmission().buyer;
    const body = aSubmission({ orderType: 'STANDARD', totals: undefined, ...promoted(who) });
    const checked = await check({
      partner: mall,
      body: { ...body, buyer: { ...buyer, ...body.buyer } },
      source: { kind: 'API' },
      at: at.desk.now(),
      audit: true,
    });
    return checked.outcome === 'valid'
      ? checked.verdict?.findings.flatMap(({ cause }) => cause ?? [])
      : checked.outcome;
  };
  expect(await verdictFor('dry')).toEqual([]);
  const orderNumber = await at.desk.accept(mall, 'PU-1', promoted('dry'));
  expect(await verdictFor('dry')).toEqual(['OTHER', 'PROMOTION_USED_UP']);
  await cancel(orderNumber);
  expect(await verdictFor('dry')).toEqual([]);
});

test('to take ours takes the promotion away, and the order costs what it costs without', async () => {
  const first = await at.desk.accept(mall, 'PU-1', promoted('ours'));
  const { orderNumber } = await heldOrders(at.desk).held(mall, 'PU-1', promoted('ours'));
  for (const code of ['PROMOTION_INVALID', 'PRICE_MISMATCH'] as const)
    await decide(orderNumber, code, 'ACCEPT_OURS');
  expect(await heldOrders(at.desk).auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
  expect((await at.desk.read(orderNumber)).content).toMatchObject({
    promotionCodes: [],
    lines: [{ unitPrice: '39.90' }],
    amounts: { payableAmount: 3990 },
  });
  expect(await countOf(first, 'ONCE')).toBe(1);
});

test('let pass, it is used once more than it may be', async () => {
  const first = await at.desk.accept(mall, 'PU-1', promoted('pass'));
  const { orderNumber } = await heldOrders(at.desk).held(mall, 'PU-1', promoted('pass'));
  for (const code of ['PROMOTION_INVALID', 'PRICE_MISMATCH'] as const)
    await decide(orderNumber, code, 'OVERRIDE');
  expect(await heldOrders(at.desk).auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
  expect(await countOf(first, 'ONCE')).toBe(2);
});

test('an order that has its use may be audited again, and gives it back once when it is cancelled', async () => {
  const first = await at.desk.accept(mall, 'PU-1', promoted('back'));
  await at.desk.audit({ orderNumber: first });
  expect(await reserve(first)).toBe('awaiting-payment');
  expect(await openFindings(first)).toEqual([]);
  await cancel(first);
  await cancel(first);
  const second = await at.desk.accept(mall, 'PU-1', promoted('back'));
  expect(await openFindings(second)).toEqual([]);
  expect(await countOf(second, 'ONCE')).toBe(1);
});

test.for([
  { code: 'ONCE', left: 1 },
  { code: 'THRICE', left: 3 },
])('of ten orders of one customer at once, $left of $code go through and the others are held', async (of) => {
  const who = `race-${of.code}`;
  const numbers = await Promise.all(
    Array.from({ length: 10 }, () => at.desk.place(mall, 'PU-1', promoted(who, of.code))),
  );
  for (const orderNumber of numbers)
    expect(await at.desk.audit({ orderNumber })).toMatchObject({ outcome: 'passed' });
  const outcomes = await Promise.all(
    numbers.map(async (orderNumber) => ({ orderNumber, outcome: await reserve(orderNumber) })),
  );
  const accepted = outcomes.filter(({ outcome }) => outcome === 'awaiting-payment');
  const held = outcomes.filter(({ outcome }) => outcome === 'held');
  expect([accepted.length, held.length]).toEqual([of.left, 10 - of.left]);
  expect(await countOf(accepted[0]?.orderNumber ?? '', of.code)).toBe(of.left);
  for (const { orderNumber } of held) expect(await openFindings(orderNumber)).toEqual(usedUp);
});
