import * as z from 'zod';
import { checksumAlgorithmSchema } from './checksums.ts';

const checksumSchema = z.object({
  algorithm: checksumAlgorithmSchema,
  /** Base64; a composite one ends in -n. */
  value: z.string(),
  type: z.enum(['FULL_OBJECT', 'COMPOSITE']),
});
export type StoredChecksum = z.infer<typeof checksumSchema>;

const encryptionSchema = z.object({
  algorithm: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']),
  keyId: z.string().optional(),
  isByBucketKey: z.boolean().optional(),
});
export type Encryption = z.infer<typeof encryptionSchema>;

const tagsSchema = z.record(z.string(), z.string());

const descriptionSchema = z.object({
  /** content-type, content-disposition, … as the object answers them. */
  headers: z.record(z.string(), z.string()),
  /** x-amz-meta-*, without that prefix. */
  metadata: z.record(z.string(), z.string()),
  tags: tagsSchema.optional(),
  /** What the object says of itself; nothing on disk is encrypted. */
  encryption: encryptionSchema.optional(),
});
export type ObjectDescription = z.infer<typeof descriptionSchema>;

const objectPartSchema = z.object({
  partNumber: z.number(),
  size: z.number(),
  /** Base64, by the algorithm of the object's own checksum. */
  checksum: z.string().optional(),
});
export type ObjectPart = z.infer<typeof objectPartSchema>;

const storedObjectSchema = descriptionSchema.extend({
  kind: z.literal('object'),
  key: z.string(),
  versionId: z.string(),
  sequencer: z.string(),
  modifiedMs: z.number(),
  /** Name of the file in the bucket's data folder. */
  file: z.string(),
  size: z.number(),
  /** Without quotes. */
  etag: z.string(),
  checksum: checksumSchema.optional(),
  /** The multipart upload that it was, and the parts of it in order. */
  uploadId: z.string().optional(),
  parts: z.array(objectPartSchema).optional(),
});
export type StoredObject = z.infer<typeof storedObjectSchema>;

const deleteMarkerSchema = z.object({
  kind: z.literal('marker'),
  key: z.string(),
  versionId: z.string(),
  sequencer: z.string(),
  modifiedMs: z.number(),
});

const versionSchema = z.discriminatedUnion('kind', [storedObjectSchema, deleteMarkerSchema]);
export type ObjectVersion = z.infer<typeof versionSchema>;

const eventSchema = z.object({
  sequencer: z.string(),
  detailType: z.enum(['Object Created', 'Object Deleted', 'Object Tags Added', 'Object Tags Deleted']),
  detail: z.record(z.string(), z.json()),
});
export type PendingEvent = z.infer<typeof eventSchema>;

const uploadSchema = descriptionSchema.extend({
  uploadId: z.string(),
  key: z.string(),
  initiatedMs: z.number().default(0),
  checksumAlgorithm: checksumAlgorithmSchema.optional(),
  checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).optional(),
});
export type MultipartUpload = z.infer<typeof uploadSchema>;

const partSchema = z.object({
  partNumber: z.number(),
  file: z.string(),
  size: z.number(),
  etag: z.string(),
  modifiedMs: z.number().default(0),
  checksum: z.string().optional(),
});
export type UploadPart = z.infer<typeof partSchema>;

/** A file taken from a watched folder: its path, and its size and modification time as one text. */
const takenSchema = z.object({ path: z.string(), stamp: z.string() });
export type TakenFile = z.infer<typeof takenSchema>;

/** One line of a bucket's log. */
export const bucketRecordSchema = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('put'),
    version: versionSchema,
    event: eventSchema.optional(),
    taken: takenSchema.optional(),
    uploadId: z.string().optional(),
  }),
  z.object({
    op: z.literal('remove'),
    key: z.string(),
    versionId: z.string(),
    event: eventSchema.optional(),
  }),
  z.object({
    op: z.literal('tags'),
    key: z.string(),
    versionId: z.string(),
    tags: tagsSchema,
    event: eventSchema.optional(),
  }),
  z.object({ op: z.literal('event'), event: eventSchema }),
  z.object({ op: z.literal('sent'), sequencer: z.string() }),
  z.object({ op: z.literal('taken'), taken: takenSchema }),
  z.object({ op: z.literal('upload'), upload: uploadSchema }),
  z.object({ op: z.literal('part'), uploadId: z.string(), part: partSchema }),
  z.object({ op: z.literal('abort'), uploadId: z.string() }),
]);
export type BucketRecord = z.infer<typeof bucketRecordSchema>;
