import type { ObjectVersion, PendingEvent, StoredObject } from './records.ts';

/** Why and by whom an object changed, as its event tells. */
export type ChangeOrigin = {
  requestId: string;
  requester: string;
  reason: 'PutObject' | 'POST Object' | 'CopyObject' | 'CompleteMultipartUpload' | 'DeleteObject';
};

export type TagOrigin = Omit<ChangeOrigin, 'reason'>;

const describeVersion = (version: ObjectVersion) => ({
  key: version.key,
  ...(version.kind === 'object' ? { size: version.size, etag: version.etag } : {}),
  ...(version.versionId === 'null' ? {} : { 'version-id': version.versionId }),
});

const describeOrigin = ({ requestId, requester }: TagOrigin) => ({
  'request-id': requestId,
  requester,
  'source-ip-address': '127.0.0.1',
});

/** The EventBridge event of a stored object. */
export const createdEvent = (bucket: string, version: ObjectVersion, origin: ChangeOrigin): PendingEvent => ({
  sequencer: version.sequencer,
  detailType: 'Object Created',
  detail: {
    version: '0',
    bucket: { name: bucket },
    object: { ...describeVersion(version), sequencer: version.sequencer },
    ...describeOrigin(origin),
    reason: origin.reason,
  },
});

/** The EventBridge event of a deletion, which either hid the key behind a marker or removed a version. */
export const deletedEvent = (
  bucket: string,
  deleted: { key: string; versionId: string; sequencer: string; kind: 'marker' | 'permanent' },
  origin: ChangeOrigin,
): PendingEvent => ({
  sequencer: deleted.sequencer,
  detailType: 'Object Deleted',
  detail: {
    version: '0',
    bucket: { name: bucket },
    object: {
      key: deleted.key,
      ...(deleted.versionId === 'null' ? {} : { 'version-id': deleted.versionId }),
      sequencer: deleted.sequencer,
    },
    ...describeOrigin(origin),
    reason: origin.reason,
    'deletion-type': deleted.kind === 'marker' ? 'Delete Marker Created' : 'Permanently Deleted',
  },
});

/** The EventBridge event of an object's new tags; the sequencer names it here, and is not told. */
export const tagsEvent = (
  bucket: string,
  object: StoredObject,
  sequencer: string,
  origin: TagOrigin,
): PendingEvent => {
  const { key, etag, versionId, tags = {} } = object;
  return {
    sequencer,
    detailType: Object.keys(tags).length === 0 ? 'Object Tags Deleted' : 'Object Tags Added',
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { key, etag, ...(versionId === 'null' ? {} : { 'version-id': versionId }) },
      ...describeOrigin(origin),
    },
  };
};
