import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { Retryable } from './classify-error.ts';

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

let client: DynamoDBDocumentClient | undefined;

/** The one document client of a function. */
export const documentClient = (): DynamoDBDocumentClient => {
  client ??= DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return client;
};

/** `refused[i]` is true when the condition of action i did not hold. */
export type TransactOutcome = { outcome: 'written' } | { outcome: 'refused'; refused: boolean[] };

const conflictAttempts = 6;

/** Reasons of a cancelled transaction that may pass by themselves. */
const passingReasons = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * Writes all or nothing. A condition that fails is an answer; a conflict with another transaction on the same items is
 * tried again with jitter, then left to the caller's retry. Idempotent only through the actions' own conditions.
 */
export const transact = async (items: TransactItem[], db = documentClient()): Promise<TransactOutcome> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await db.send(new TransactWriteCommand({ TransactItems: items }));
      return { outcome: 'written' };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      if (codes.includes('ConditionalCheckFailed'))
        return { outcome: 'refused', refused: codes.map((code) => code === 'ConditionalCheckFailed') };
      if (!codes.some((code) => code !== undefined && passingReasons.has(code))) throw error;
      if (attempt === conflictAttempts)
        throw new Retryable(`transaction cancelled: ${codes.join(', ')}`, { cause: error });
      await sleep(Math.random() * 20 * 2 ** attempt);
    }
  }
};

/** True for the refusal of a single conditional write. */
export const isConditionFailure = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';
