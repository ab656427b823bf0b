import * as z from 'zod';
import type { OrderSource } from '../../domain/orders/order.ts';
import { type Partner, partnerSchema } from '../../domain/partner.ts';
import { compareRaw, type Difference, type DifferenceKind } from '../../domain/provenance/difference.ts';
import type { FieldOrigin } from '../../domain/provenance/field-origin.ts';
import { originsInBody } from '../../domain/provenance/origins-of.ts';
import type { OriginalDocument, ReceivedData } from '../../domain/provenance/received-order-data.ts';
import {
  originsInSheet,
  type SheetProvenance,
  sheetProvenanceSchema,
} from '../../domain/provenance/sheet-provenance.ts';
import { mostUploadRows } from '../../domain/uploads/upload-limits.ts';
import type { DocumentsBucket } from '../shared/documents.ts';
import { sha256Of } from '../shared/order-original.ts';
import { type Inbox, isGone } from './inbox.ts';
import { cellOrigins } from './mapping/cell-origins.ts';
import { type OrderFile, readOrderFile } from './read-order-file.ts';
import { InvalidFile } from './readers/invalid-file.ts';

export type OriginalDeps = {
  documents: Pick<DocumentsBucket, 'get'>;
  inbox: Pick<Inbox, 'read'>;
  /** The bucket that files of orders are dropped into. */
  inboxBucket: () => string;
};

/** An original as it was read again: the order's body, its source, where its fields are, and what is wrong already. */
type Original = { body: unknown; source: OrderSource; origins: FieldOrigin[]; differences: Difference[] };

/** Who sent an order, and when: from its first event. */
export type Receipt = { partnerId: string; receivedAt: string };

/** An order whose original cannot be had, so that nothing of it can be compared. */
export class Unproven extends Error {
  override readonly name = 'Unproven';
  readonly kind: DifferenceKind;
  readonly where: string;

  constructor(kind: DifferenceKind, where: string) {
    super(kind);
    this.kind = kind;
    this.where = where;
  }
}

/** What is read, unless it is not there or is not what it was. */
const orUnproven = async <Value>(
  read: () => Promise<Value>,
  where: string,
  { gone, unreadable }: Record<'gone' | 'unreadable', DifferenceKind>,
): Promise<Value> => {
  try {
    return await read();
  } catch (error) {
    if (isGone(error) || (error instanceof InvalidFile && error.refusal === 'FILE_GONE'))
      throw new Unproven(gone, where);
    if (error instanceof InvalidFile || error instanceof SyntaxError || error instanceof z.ZodError)
      throw new Unproven(unreadable, where);
    throw error;
  }
};

const original = { gone: 'ORIGINAL_MISSING', unreadable: 'ORIGINAL_UNREADABLE' } as const;
const provenance = { gone: 'NO_PROVENANCE', unreadable: 'NO_PROVENANCE' } as const;

/** The partner as far as reading its files depends on it. */
const readerOf = (
  partnerId: string,
  { partner: { currency, ...partner } }: ReceivedData['masterData'],
  headerAliases: Partner['headerAliases'],
): Partner =>
  partnerSchema.parse({
    ...partner,
    partnerId,
    name: partnerId,
    active: true,
    currencies: [currency],
    roles: [],
    headerAliases,
  });

type Sheet = Extract<OriginalDocument, { kind: 'SPREADSHEET' }>;
type Body = Extract<OriginalDocument, { kind: 'API' }>;

/** Orders of a file come one behind the other, so that the last file is enough to remember. */
const createFileReader = ({ inbox, inboxBucket }: Pick<OriginalDeps, 'inbox' | 'inboxBucket'>) => {
  let last: { id: string; file: Promise<OrderFile> } | undefined;
  return (
    { objectKey, versionId }: Sheet,
    context: { partner: Partner; timeZone: string; now: Date },
  ): Promise<OrderFile> => {
    const { partner, timeZone } = context;
    const id = JSON.stringify([objectKey, versionId, timeZone, partner]);
    if (last?.id !== id) {
      const read = async () => {
        const { bytes } = await inbox.read({ bucket: inboxBucket(), key: objectKey, versionId });
        return readOrderFile(bytes, { ...context, maxRows: mostUploadRows });
      };
      last = { id, file: read() };
    }
    return last.file;
  };
};

/** Reads the original of an order again, a file by its version. Throws Unproven. */
export const createRereadOriginal = (deps: OriginalDeps) => {
  const { documents } = deps;
  const readFile = createFileReader(deps);

  const readBody = ({ objectKey, sha256 }: Body): Promise<Original> =>
    orUnproven(
      async () => {
        const bytes = await documents.get(objectKey);
        const text = bytes.toString('utf8');
        const isChanged = sha256Of(bytes) !== sha256;
        return {
          body: z.unknown().parse(JSON.parse(text)),
          source: { kind: 'API' },
          origins: originsInBody(objectKey, text),
          differences: isChanged ? [{ kind: 'ORIGINAL_CHANGED', field: '#', stored: objectKey }] : [],
        };
      },
      objectKey,
      original,
    );

  const readSheetProvenance = ({ provenanceKey }: Sheet): Promise<SheetProvenance> =>
    orUnproven(
      async () =>
        sheetProvenanceSchema.parse(JSON.parse((await documents.get(provenanceKey)).toString('utf8'))),
      provenanceKey,
      provenance,
    );

  const readRows = async (
    source: Sheet,
    { masterData }: ReceivedData,
    { partnerId, receivedAt }: Receipt,
  ): Promise<Original> => {
    const { kind, uploadId, objectKey, versionId } = source;
    const where = `${objectKey}?versionId=${versionId}`;
    const onFile = await readSheetProvenance(source);
    const { rows, timeZone, headerAliases } = onFile;
    const { layout, orders } = await orUnproven(
      () => {
        const partner = readerOf(partnerId, masterData, headerAliases);
        return readFile(source, { partner, timeZone, now: new Date(receivedAt) });
      },
      where,
      original,
    );
    const order = orders.find((one) => one.rows[0]?.row === rows[0]);
    if (!order) throw new Unproven('ORIGINAL_UNREADABLE', where);
    const cells = cellOrigins(order.body, order.rows, layout);
    const origins = originsInSheet(source, { sheet: layout.sheet, cells });
    return {
      body: order.body,
      source: { kind, uploadId, objectKey, versionId, rows: order.rows.map(({ row }) => row) },
      origins,
      differences: compareRaw(originsInSheet(source, onFile), origins),
    };
  };

  return (data: ReceivedData, receipt: Receipt): Promise<Original> =>
    data.source.kind === 'API' ? readBody(data.source) : readRows(data.source, data, receipt);
};
