import { createHash } from 'node:crypto';
import { type OrderSource, originalDocumentKey } from '../../domain/orders/order.ts';
import type { Partner } from '../../domain/partner.ts';
import { type OriginalDocument, provenanceKey } from '../../domain/provenance/received-order-data.ts';
import type { SheetProvenance } from '../../domain/provenance/sheet-provenance.ts';
import type { DocumentsBucket } from './documents.ts';

type RowsOfFile = Extract<OrderSource, { kind: 'SPREADSHEET' }> &
  Pick<SheetProvenance, 'sheet' | 'cells'> &
  Pick<Extract<OriginalDocument, { kind: 'SPREADSHEET' }>, 'mail'>;

/** What an order is placed from: rows of a file that is kept, or a text that was posted. */
export type SubmittedSource = RowsOfFile | { kind: 'API'; text: string };

/** The source as the order's content has it. */
export const sourceOf = (submitted: SubmittedSource): OrderSource => {
  if (submitted.kind === 'API') return { kind: 'API' };
  const { kind, uploadId, objectKey, versionId, rows } = submitted;
  return { kind, uploadId, objectKey, versionId, rows };
};

export const sha256Of = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** The original as the order's first event points to it. */
export const originalOf = (submitted: SubmittedSource, orderNumber: string): OriginalDocument => {
  if (submitted.kind === 'API')
    return {
      kind: 'API',
      objectKey: originalDocumentKey(orderNumber),
      sha256: sha256Of(submitted.text),
    };
  const { kind, uploadId, objectKey, versionId, mail } = submitted;
  return {
    kind,
    uploadId,
    objectKey,
    versionId,
    provenanceKey: provenanceKey(orderNumber),
    ...(mail && { mail }),
  };
};

/** Puts on file what an original is for good: a posted text itself, or which cells of a file an order is made of. */
export const archiveOriginal = (
  documents: Pick<DocumentsBucket, 'put'>,
  orderNumber: string,
  submitted: SubmittedSource,
  { partner: { headerAliases }, timeZone }: { partner: Partner; timeZone: string },
): Promise<void> => {
  if (submitted.kind === 'API')
    return documents.put(originalDocumentKey(orderNumber), submitted.text, 'application/json');
  const { sheet, rows, cells } = submitted;
  const provenance: SheetProvenance = { sheet, rows, timeZone, headerAliases, cells };
  return documents.put(provenanceKey(orderNumber), JSON.stringify(provenance), 'application/json');
};
