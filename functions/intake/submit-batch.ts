import { basename } from 'node:path/posix';
import * as z from 'zod';
import { isBlocking } from '../../domain/audit/audit-order.ts';
import { type Finding, findingSchema } from '../../domain/findings/finding.ts';
import type { Partner } from '../../domain/partner.ts';
import { catalogueTable } from '../shared/catalogue-table.ts';
import { Fatal, Retryable } from '../shared/classify-error.ts';
import { documentsBucket } from '../shared/documents.ts';
import { companyEnv } from '../shared/env.ts';
import { orderExecutions } from '../shared/executions.ts';
import { mailDomains } from '../shared/mail-domains.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { createPlaceOrder, type PlaceOrderInput, type PlaceOrderResult } from '../shared/place-order.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { stockTable } from '../shared/stock-table.ts';
import { type UploadsTable, uploadsTable } from '../shared/uploads-table.ts';
import {
  type Batch,
  type BatchOrder,
  type OrderResult,
  resultKey,
  type UploadDocuments,
  uploadDocuments,
} from './batch.ts';
import { cellOrigins } from './mapping/cell-origins.ts';
import { locate, pointerOf } from './mapping/locate.ts';
import { countOutcomes } from './result/row-results.ts';

export const submitBatchInput = z.object({
  uploadId: z.string(),
  batch: z.string(),
  /** A check writes nothing but its own results. */
  purpose: z.enum(['check', 'submit']),
});

type Deps = {
  placeOrder: (input: PlaceOrderInput) => Promise<PlaceOrderResult>;
  orders: Pick<OrdersTable, 'read'>;
  partners: Pick<PartnersTable, 'readPartner'>;
  uploads: Pick<UploadsTable, 'readBatch' | 'recordBatch'>;
  documents: Pick<UploadDocuments, 'readBatch' | 'writeResults'>;
  now?: () => Date;
};

const isError = ({ severity }: Pick<Finding, 'severity'>): boolean => severity === 'ERROR';

/** Findings of a whole order, at the sender's cells, beside those of reading them. */
const resultOf = (
  { reference, rows, findings }: BatchOrder,
  { layout }: Batch['head'],
  result: OrderResult['result'],
  found: readonly Finding[],
  orderNumber?: string,
): OrderResult => ({
  reference,
  result,
  rows,
  findings: [...findings, ...found.map((finding) => locate(finding, rows, layout))],
  ...(orderNumber && { orderNumber }),
});

/**
 * Submits or checks the orders of one batch. The same batch again finds its own orders; once it was done to the end, its
 * results stand, whatever has changed since.
 */
export const createSubmitBatch = ({
  placeOrder,
  orders,
  partners,
  uploads,
  documents,
  now = () => new Date(),
}: Deps) => {
  /** An order that this very upload placed in an earlier try of the batch. */
  const placedByThisUpload = async (
    order: BatchOrder,
    head: Batch['head'],
    orderNumber: string,
  ): Promise<OrderResult> => {
    const record = await orders.read(orderNumber);
    const found = z.array(findingSchema).parse(record?.findings ?? []);
    return resultOf(order, head, found.some(isBlocking) ? 'CREATED_ON_HOLD' : 'CREATED', found, orderNumber);
  };

  const submit = async (
    order: BatchOrder,
    head: Batch['head'],
    partner: Partner,
    commit: boolean,
  ): Promise<OrderResult> => {
    const { uploadId, objectKey, versionId, mail } = head;
    if (order.findings.some(isError)) return resultOf(order, head, 'REJECTED', []);
    const source = {
      kind: 'SPREADSHEET' as const,
      uploadId,
      objectKey,
      versionId,
      rows: order.rows.map(({ row }) => row),
      sheet: head.layout.sheet,
      cells: cellOrigins(order.body, order.rows, head.layout),
      mail,
    };
    const placed = await placeOrder({ partner, body: order.body, source, audit: true, commit });
    switch (placed.outcome) {
      case 'created':
        return resultOf(
          order,
          head,
          placed.findings.some(isBlocking) ? 'CREATED_ON_HOLD' : 'CREATED',
          placed.findings,
          placed.orderNumber,
        );
      case 'valid':
        return resultOf(order, head, 'VALID', placed.findings);
      case 'duplicate':
        return placed.uploadId === uploadId
          ? placedByThisUpload(order, head, placed.orderNumber)
          : resultOf(order, head, 'SKIPPED_DUPLICATE', [], placed.orderNumber);
      case 'conflict':
        return resultOf(order, head, 'REJECTED', [
          {
            severity: 'ERROR',
            code: 'DUPLICATE_REFERENCE',
            pointer: pointerOf('orderReference', 0),
            expected: placed.orderNumber,
          },
        ]);
      case 'invalid':
        return resultOf(
          order,
          head,
          'REJECTED',
          placed.problems.map((problem) => ({ severity: 'ERROR', ...problem })),
        );
      case 'outdated':
        throw new Fatal('rows of a file carry no validation token');
      case 'key-taken':
        throw new Retryable('the reference was written at this moment');
      default:
        return placed satisfies never;
    }
  };

  return async ({ uploadId, batch, purpose }: z.infer<typeof submitBatchInput>) => {
    const kind = purpose === 'submit' ? 'result' : 'check';
    const result = resultKey(batch, kind);
    const name = basename(batch);
    const before = await uploads.readBatch(uploadId, { batch: name, purpose });
    if (before) return { result, rejected: before.rejected };
    const { head, orders: batchOrders } = await documents.readBatch(batch);
    const partner = await partners.readPartner(head.partnerId);
    if (!partner) throw new Fatal(`no partner ${head.partnerId}`);
    const results: OrderResult[] = [];
    for (const order of batchOrders) results.push(await submit(order, head, partner, purpose === 'submit'));
    await documents.writeResults(batch, kind, results);
    const outcomes = countOutcomes(results);
    await uploads.recordBatch(uploadId, { batch: name, purpose, ...outcomes }, now());
    return { result, rejected: outcomes.rejected };
  };
};

const findDeadAddresses = mailDomains();

export const handler = stepHandler(submitBatchInput, (input) =>
  createSubmitBatch({
    placeOrder: createPlaceOrder({
      orders: ordersTable(),
      catalogue: catalogueTable(),
      partners: partnersTable(),
      documents: documentsBucket(),
      executions: orderExecutions(),
      stock: stockTable(),
      findDeadAddresses,
      timeZone: () => companyEnv().COMPANY_TIME_ZONE,
    }),
    orders: ordersTable(),
    partners: partnersTable(),
    uploads: uploadsTable(),
    documents: uploadDocuments(documentsBucket()),
  })(input),
);
