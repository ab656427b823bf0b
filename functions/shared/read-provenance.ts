import type { OrderRecord } from '../../domain/orders/order.ts';
import { editsOf } from '../../domain/provenance/edits.ts';
import type { FieldOrigin } from '../../domain/provenance/field-origin.ts';
import { originsInBody, originsOf } from '../../domain/provenance/origins-of.ts';
import { type OriginalDocument, receivedDataSchema } from '../../domain/provenance/received-order-data.ts';
import { originsInSheet, sheetProvenanceSchema } from '../../domain/provenance/sheet-provenance.ts';
import type { DocumentsBucket } from './documents.ts';

type Documents = Pick<DocumentsBucket, 'get'>;

const inOriginal = async (source: OriginalDocument, documents: Documents): Promise<FieldOrigin[]> => {
  if (source.kind === 'API') {
    const text = await documents.get(source.objectKey);
    return originsInBody(source.objectKey, text.toString('utf8'));
  }
  const text = await documents.get(source.provenanceKey);
  return originsInSheet(source, sheetProvenanceSchema.parse(JSON.parse(text.toString('utf8'))));
};

/** Where each field of an order comes from; undefined for an order that was placed before this was kept. */
export const readProvenance = async (
  { content, events }: Pick<OrderRecord, 'content' | 'events'>,
  documents: Documents,
): Promise<FieldOrigin[] | undefined> => {
  const data = receivedDataSchema.safeParse(events[0]?.data);
  return data.success
    ? originsOf(content, await inOriginal(data.data.source, documents), editsOf(events))
    : undefined;
};
