import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { behindTheDesk } from './behind-the-desk.ts';
import type { DeskView } from './invariants/desk-view.ts';
import { changed, fileOf, mailOf, type Numbers, violations } from './invariants/violations.ts';
import { brokenInvariants } from './invariants.ts';
import { eventually, mugs, sampleOrder } from './test-desk.ts';
import { csvFile, goodLine, openUploadDesk, type UploadDesk } from './upload-desk.ts';

let desk: UploadDesk;
let seen: DeskView;
let numbers: Numbers;

beforeAll(async () => {
  desk = await openUploadDesk();
  const behind = behindTheDesk({ stateDir: desk.stateDir, endpoints: () => desk.endpoints });
  const prepaid = { payment: { method: 'BANK_TRANSFER' } };
  const place = async (reference: string, changes = {}) => desk.place(sampleOrder(reference, changes));
  const [account, paid, unpaid, held, cancelled] = await Promise.all([
    place('ACCOUNT'),
    place('PAID', prepaid),
    place('UNPAID', prepaid),
    place('HELD', { lines: [mugs(2, { unitPrice: '1.00' })] }),
    place('CANCELLED', prepaid),
  ]);
  await desk.drop('example-mall/filed.csv', csvFile(goodLine('FILED')));
  await Promise.all([desk.deliver(account), desk.deliver(paid)]);
  await desk.untilStatus(cancelled, 'PENDING_PAYMENT');
  await desk.partner.post(`/v1/orders/${cancelled}/cancellation`, { reasonCode: 'CHANGED_MIND' });
  await desk.untilStatus(cancelled, 'CANCELLED');
  await desk.untilStatus(held, 'ON_HOLD');
  await desk.dropped('example-mall/filed.csv');
  numbers = { account, paid, unpaid, held, cancelled };
  seen = await eventually(async () => {
    const running = (await behind.executions()).filter(({ status }) => status === 'RUNNING');
    const waiting = await Promise.all(running.map(({ name }) => behind.isWaiting(name)));
    const areMailsSent = (await behind.rowsOf('MAIL')).every(({ state }) => state === 'SENT');
    const isAtRest = running.length === 3 && !waiting.includes(false) && areMailsSent;
    const answers = [{ partnerId: 'example-mall', key: 'key-PAID', orderNumber: numbers.paid }];
    return isAtRest && behind.look({ answers, interruptions: [] });
  });
});
afterAll(() => desk.close());

test('a desk whose orders are completed, unpaid, held and cancelled breaks none', () => {
  expect(brokenInvariants(seen)).toEqual([]);
});

const numbered = (text: string): string =>
  Object.entries(numbers).reduce((result, [name, number]) => result.replaceAll(`{${name}}`, number), text);

describe.for(Object.entries(violations))('%s notices', ([invariant, planted]) => {
  test.for(planted)('%s', ([, plant, said]) => {
    const broken = brokenInvariants(changed(seen, numbers, plant)).filter((fault) =>
      fault.startsWith(`${invariant}: `),
    );
    expect(broken.join('\n')).toContain(numbered(said));
  });
});

test('a mail may leave twice when its mailer was interrupted between sending and mark', () => {
  const repeated = changed(seen, numbers, (view) => {
    const file = fileOf(view, mailOf(view, numbers.paid, 'shipped'));
    const justBefore = new Date(file.at.getTime() - 1);
    view.mailFiles.push({ ...file, messageId: 'FIRST', at: justBefore });
    view.interruptions.push(justBefore);
  });
  expect(brokenInvariants(repeated)).toEqual([]);
});
