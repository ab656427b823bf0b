import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { transact } from '../../functions/shared/dynamodb.ts';

const db = mockClient(DynamoDBDocumentClient);
beforeEach(() => {
  db.reset();
});

const client = DynamoDBDocumentClient.prototype;
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
const sent = () => db.commandCalls(TransactWriteCommand).length;

test('a transaction that is written says so', async () => {
  db.on(TransactWriteCommand).resolves({});
  expect(await transact([], client)).toEqual({ outcome: 'written' });
});

test('conditions that do not hold are an answer, by position, and not tried again', async () => {
  db.on(TransactWriteCommand).rejects(cancelled('None', 'ConditionalCheckFailed', 'None'));
  expect(await transact([], client)).toEqual({ outcome: 'refused', refused: [false, true, false] });
  expect(sent()).toBe(1);
});

describe('a cancellation that may pass', () => {
  test.for(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'by %s is tried again',
    async (code) => {
      db.on(TransactWriteCommand).rejectsOnce(cancelled(code)).resolves({});
      expect(await transact([], client)).toEqual({ outcome: 'written' });
      expect(sent()).toBe(2);
    },
  );

  test('and does not is left to the caller, as retryable', async () => {
    db.on(TransactWriteCommand).rejects(cancelled('TransactionConflict'));
    await expect(transact([], client)).rejects.toMatchObject({ name: 'Retryable' });
    expect(sent()).toBe(6);
  });
});

test('any other fault is the caller’s at once', async () => {
  const fault = cancelled('ValidationError');
  db.on(TransactWriteCommand).rejects(fault);
  await expect(transact([], client)).rejects.toBe(fault);
  expect(sent()).toBe(1);
});
