import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { JsonObject } from '../../../local/calls/call.ts';
import { halfOf } from '../../../local/calls/partial-batch.ts';
import type { JsonValue } from '../../../local/json.ts';

const write = (id: string) => ({ PutRequest: { Item: { id: { S: id } } } });

test('half of the writes is done, and the others come back as unprocessed', () => {
  const input = { RequestItems: { a: [write('1'), write('2')], b: [write('3'), write('4')] } };
  const half = halfOf({ service: 'dynamodb', action: 'BatchWriteItem', input });
  expect(half?.input).toEqual({ RequestItems: { a: [write('1'), write('2')] } });
  expect(half?.toAnswer({ UnprocessedItems: {}, ConsumedCapacity: [] })).toEqual({
    ConsumedCapacity: [],
    UnprocessedItems: { b: [write('3'), write('4')] },
  });
});

test('keys that were not read come back with the rest of their request', () => {
  const Keys = [{ id: { S: '1' } }, { id: { S: '2' } }];
  const input = { RequestItems: { a: { Keys, ConsistentRead: true } } };
  const half = halfOf({ service: 'dynamodb', action: 'BatchGetItem', input });
  expect(half?.input).toEqual({ RequestItems: { a: { Keys: [Keys[0]], ConsistentRead: true } } });
  expect(half?.toAnswer({ Responses: { a: [{}] } })).toEqual({
    Responses: { a: [{}] },
    UnprocessedKeys: { a: { Keys: [Keys[1]], ConsistentRead: true } },
  });
});

test('of the events put, the failed ones keep their place behind the others', () => {
  const input = { Entries: [{ Source: 'a' }, { Source: 'b' }, { Source: 'c' }] };
  const half = halfOf({ service: 'events', action: 'PutEvents', input });
  expect(half?.input).toEqual({ Entries: [{ Source: 'a' }] });
  const answer = half?.toAnswer({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  expect(answer).toMatchObject({
    FailedEntryCount: 2,
    Entries: [{ EventId: '1' }, { ErrorCode: 'InternalFailure' }, { ErrorCode: 'InternalFailure' }],
  });
});

test('a single event can fail, and then nothing is put', () => {
  const half = halfOf({ service: 'events', action: 'PutEvents', input: { Entries: [{ Source: 'a' }] } });
  expect(half?.input).toBeUndefined();
  expect(half?.toAnswer({})).toMatchObject({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: expect.any(String) }],
  });
});

test('messages that were not taken are named by their ids', () => {
  const input = { QueueUrl: 'q', Entries: [{ Id: 'a' }, { Id: 'b' }] };
  const half = halfOf({ service: 'sqs', action: 'SendMessageBatch', input });
  expect(half?.input).toEqual({ QueueUrl: 'q', Entries: [{ Id: 'a' }] });
  expect(half?.toAnswer({ Successful: [{ Id: 'a' }], Failed: [] })).toMatchObject({
    Successful: [{ Id: 'a' }],
    Failed: [{ Id: 'b', SenderFault: false }],
  });
});

const unprocessed = z.object({ UnprocessedItems: z.record(z.string(), z.array(z.json())) });
const itemsOf = (tables: Record<string, JsonValue[]>): string[] =>
  Object.entries(tables).flatMap(([table, items]) => items.map((item) => `${table} ${JSON.stringify(item)}`));

test('whatever the batch, what is done and what is left are together what was asked', () => {
  const requests = fc.dictionary(
    fc.stringMatching(/^[a-z]{3}$/),
    fc.array(fc.uuid().map(write), { minLength: 1, maxLength: 6 }),
    { minKeys: 1, maxKeys: 4 },
  );
  fc.assert(
    fc.property(requests, (RequestItems) => {
      const input: JsonObject = { RequestItems };
      const half = halfOf({ service: 'dynamodb', action: 'BatchWriteItem', input });
      const asked = itemsOf(RequestItems);
      if (half?.input === undefined) {
        expect(asked).toHaveLength(1);
        return;
      }
      const done = z.object({ RequestItems: z.record(z.string(), z.array(z.json())) }).parse(half.input);
      const left = unprocessed.parse(half.toAnswer({}));
      expect([...itemsOf(done.RequestItems), ...itemsOf(left.UnprocessedItems)]).toEqual(asked);
    }),
  );
});
