import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemName } from './raw-client.ts';
import { numberOf, openRawDesk, type RawDesk, type RawPost } from './raw-desk.ts';
import { mugs, sampleOrder } from './test-desk.ts';

let desk: RawDesk;
beforeAll(async () => {
  desk = await openRawDesk();
});
afterAll(() => desk.close());

const post: RawPost = (...args) => desk.post(...args);

describe('a post again', () => {
  test('under the same key has the same answer', async () => {
    const key = { 'Idempotency-Key': '"again-1"' };
    const first = await post(sampleOrder('AGAIN-1'), key);
    await desk.untilStatus(numberOf(first), 'READY_TO_SHIP');
    const again = await post(sampleOrder('AGAIN-1'), key);
    expect([first.status, first.headers['idempotent-replayed']]).toEqual([202, undefined]);
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([202, 'true']);
    expect(again.text).toBe(first.text);
    expect(again.headers.location).toBe(`/v1/orders/${numberOf(first)}`);
  });

  test('under the same key, written with or without quotes and in another order of fields', async () => {
    const first = await post(sampleOrder('AGAIN-2'), { 'Idempotency-Key': 'again-2' });
    const reversed = Object.fromEntries(Object.entries(sampleOrder('AGAIN-2')).reverse());
    const again = await post(JSON.stringify(reversed, null, 2), { 'Idempotency-Key': '"again-2"' });
    expect([again.headers['idempotent-replayed'], again.text]).toEqual(['true', first.text]);
  });

  test('under the same key with other content is refused', async () => {
    const key = { 'Idempotency-Key': 'again-3' };
    await post(sampleOrder('AGAIN-3'), key);
    expect(problemName(await post(sampleOrder('AGAIN-3', { notes: 'more' }), key))).toBe(
      'idempotency-key-reused',
    );
    expect(problemName(await post(sampleOrder('AGAIN-3-OTHER'), key))).toBe('idempotency-key-reused');
  });

  test('under another partner’s key word is another order', async () => {
    const key = { 'Idempotency-Key': 'again-4' };
    const order = sampleOrder('AGAIN-4', { buyer: { name: '示例', contact: { email: 'c@example.com' } } });
    const [ours, theirs] = [await post(order, key), await post(order, key, desk.as('sample-wholesale'))];
    expect([ours.status, theirs.status]).toEqual([202, 202]);
    expect(numberOf(theirs)).not.toBe(numberOf(ours));
  });

  test('under the same reference without the key finds the order, or the conflict', async () => {
    const orderNumber = numberOf(await post(sampleOrder('AGAIN-5')));
    const same = await post(sampleOrder('AGAIN-5'));
    expect([same.status, numberOf(same)]).toEqual([200, orderNumber]);
    const other = await post(sampleOrder('AGAIN-5', { lines: [mugs(3)] }));
    expect(problemName(other)).toBe('duplicate-order-reference');
    expect(other.body).toMatchObject({ status: 409, existingOrderNumber: orderNumber });
  });

  test('twenty times at once makes one order', async () => {
    const key = { 'Idempotency-Key': 'at-once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(sampleOrder('AT-ONCE'), key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] !== 'true')).toHaveLength(1);
  });

  test('twenty times at once under twenty keys makes one order', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(sampleOrder('AT-ONCE-2'))));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 202]);
    expect(new Set(answers.map(numberOf)).size).toBe(1);
  });
});
