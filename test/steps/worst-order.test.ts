import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { questionsFor } from '../../domain/findings/finding-audience.ts';
import { resolveByNumber } from '../../domain/findings/finding-decisions.ts';
import { isOpenQuestion } from '../../domain/findings/findings.ts';
import type { Answer } from '../../domain/findings/questions.ts';
import type { StoredFinding } from '../../domain/orders/order.ts';
import { questionPage } from '../../functions/answer-page/question-page.ts';
import { renderMail } from '../../functions/mail/render-mail.ts';
import { createAnswerOrder } from '../../functions/shared/answer-order.ts';
import { orderResource } from '../../functions/shared/order-resource.ts';
import { aPrice, aProduct } from '../builders/a-product.ts';
import { aSubmission, aSubmittedLine } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';
import { heldOrders } from '../clarify/a-held-order.ts';

const at = useOrderDesk();

const lineCount = 500;
/** As many as an order may have. */
const skuCount = 90;
/** Each of three bytes, and different from all that a catalogue says. */
const theirs = (length: number): string => '壹'.repeat(length);
const ours = (length: number): string => '龍'.repeat(length);
const skuOf = (index: number): string => `${index}${ours(64)}`.slice(0, 64);

/** A catalogue of goods that cannot be had, with the longest names there may be. */
const fillCatalogue = () =>
  Promise.all(
    Array.from({ length: skuCount }, (_, index) => {
      const product = aProduct({
        sku: skuOf(index),
        name: { 'zh-CN': ours(200), en: ours(200) },
        specification: { 'zh-CN': ours(200), en: ours(200) },
        prices: [aPrice({ unitPrice: '99999.9999' })],
        discontinued: true,
        maximumPerOrder: 1,
        requiredQualification: ours(60),
      });
      return at.desk.put(tables.catalogue, { pk: `SKU#${product.sku}`, sk: 'PRODUCT', ...product });
    }),
  );

/** 500 lines of which every check finds something, with the longest texts that an order may have. */
const placeWorst = async (): Promise<string> => {
  await fillCatalogue();
  const mall = await at.desk.addPartner();
  const lines = Array.from({ length: lineCount }, (_, index) =>
    aSubmittedLine({
      lineId: `${index}${theirs(64)}`.slice(0, 64),
      sku: skuOf(index % skuCount),
      name: theirs(200),
      specification: theirs(200),
      quantity: 1_000_000,
      unitCode: 'XBX',
      unitPrice: '0.0001',
      taxRate: '0.99',
      discount: { type: 'PERCENT', value: '99' },
    }),
  );
  return at.desk.place(mall, skuOf(0), { buyer: aSubmission().buyer, lines });
};

const mostItemBytes = 400 * 1024;
const itemsOf = async (orderNumber: string): Promise<Record<string, unknown>[]> => {
  const pages = paginateQuery(
    { client: at.desk.db },
    {
      TableName: tables.orders,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `ORDER#${orderNumber}` },
    },
  );
  const items: Record<string, unknown>[] = [];
  for await (const { Items = [] } of pages) items.push(...Items);
  return items;
};
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** All rows of the order fit, one by one, and a transaction that writes them all would. */
const expectToFit = async (orderNumber: string) => {
  const sizes = (await itemsOf(orderNumber)).map((item) => bytesOf(item));
  expect(Math.max(...sizes)).toBeLessThan(mostItemBytes);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4 * 1024 * 1024);
};

const isWaiting = ({ code, open }: StoredFinding): boolean => open && code === 'MORE_FINDINGS';

test('the worst order is held, told and answered within every limit, and passes no check unseen', {
  timeout: 180_000,
}, async () => {
  const { desk } = at;
  const { hold, editOrder, auditAgain } = heldOrders(desk);
  const orderNumber = await placeWorst();
  expect(await desk.audit({ orderNumber })).toMatchObject({ outcome: 'held' });
  const before = await desk.read(orderNumber);
  expect(await desk.audit({ orderNumber })).toMatchObject({ outcome: 'held' });
  expect(await desk.read(orderNumber)).toEqual(before);

  await hold(orderNumber);
  await expectToFit(orderNumber);
  const held = await desk.read(orderNumber);
  const { state, findings } = held;
  expect(state.status).toBe('ON_HOLD');
  expect(state.openFindings).toBe(findings.filter(isOpenQuestion).length);
  expect(state.openFindings).toBeGreaterThan(50);
  const [waiting] = findings.filter(isWaiting);
  expect(Number(waiting?.value)).toBeGreaterThan(3000);

  const model = {
    kind: 'order' as const,
    record: held,
    company: desk.company(),
    answerUrl: 'https://example.com/t/x',
  };
  const [intent] = held.mails.filter(({ template }) => template === 'clarification');
  if (!intent) throw new Error('nobody was asked');
  const mail = renderMail(intent, model);
  expect(mail.text).toContain(`另有：${waiting?.value}`);
  expect(bytesOf(mail.html) + bytesOf(mail.text)).toBeLessThan(10_000_000);
  expect(bytesOf(orderResource(held, 'zh-CN'))).toBeLessThan(5_000_000);
  const questions = questionsFor(findings, 'customer');
  const page = questionPage({
    order: held,
    questions,
    language: 'zh-CN',
    company: { name: '示例', timeZone: 'Asia/Shanghai' },
    action: 'answers',
    otherLanguageUrl: '?lang=en',
  });
  expect(page).toContain(`另有：${waiting?.value}`);
  expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);

  // As long as all notes together may be in a body of 200 kB.
  const note = theirs(Math.floor(200_000 / questions.length / 3));
  const answers = new Map(
    questions.map(({ number }): [number, Answer] => [number, { answer: 'CONFIRM', note }]),
  );
  await createAnswerOrder({ ...desk, editOrder })(held, answers, 'customer');
  await expectToFit(orderNumber);
  const answered = await desk.read(orderNumber);
  expect(answered.state.openFindings).toBe(state.openFindings);

  const numbers = new Set(answered.findings.filter(isOpenQuestion).map(({ number }) => number));
  const resolution = {
    action: 'OVERRIDE',
    by: 'desk',
    at: desk.now().toISOString(),
    accepted: true,
  } as const;
  await desk.orders.change(
    answered.state,
    {
      event: { type: 'order.finding_resolved', actor: 'desk' },
      findings: resolveByNumber(answered.findings, numbers, { ...resolution, reason: theirs(500) }),
    },
    desk.now(),
  );
  expect((await desk.read(orderNumber)).state.openFindings).toBe(0);

  expect(await auditAgain(orderNumber)).toMatchObject({ outcome: 'held' });
  await expectToFit(orderNumber);
  const again = await desk.read(orderNumber);
  expect(again.state).toMatchObject({ status: 'RECEIVED', reserved: false });
  const asked = again.findings.filter(isOpenQuestion);
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.some(({ number }) => numbers.has(number))).toBe(false);
  expect(Number(again.findings.find(isWaiting)?.value)).toBeLessThan(Number(waiting?.value));
});
