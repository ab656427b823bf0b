import { compareKeys } from './key-order.ts';
import type {
  BucketRecord,
  MultipartUpload,
  ObjectVersion,
  PendingEvent,
  StoredObject,
  UploadPart,
} from './records.ts';

export type OpenUpload = MultipartUpload & { parts: Map<number, UploadPart> };
export type BucketState = ReturnType<typeof createBucketState>;

/** What a bucket holds, folded from its records. */
export const createBucketState = () => {
  /** Newest first. */
  const versionsByKey = new Map<string, ObjectVersion[]>();
  const events = new Map<string, PendingEvent>();
  const uploads = new Map<string, OpenUpload>();
  const takenStamps = new Map<string, string>();
  let discardedFiles: string[] = [];
  let sorted: string[] | undefined;
  let lastSequencer = '';

  const discard = (version: ObjectVersion | undefined) => {
    if (version?.kind === 'object') discardedFiles.push(version.file);
  };

  const dropVersion = (key: string, versionId: string) => {
    const versions = versionsByKey.get(key) ?? [];
    discard(versions.find((version) => version.versionId === versionId));
    const left = versions.filter((version) => version.versionId !== versionId);
    if (left.length > 0) versionsByKey.set(key, left);
    else if (versionsByKey.delete(key)) sorted = undefined;
  };

  const addVersion = (version: ObjectVersion) => {
    dropVersion(version.key, version.versionId);
    const older = versionsByKey.get(version.key);
    if (!older) sorted = undefined;
    versionsByKey.set(version.key, [version, ...(older ?? [])]);
    if (version.sequencer > lastSequencer) lastSequencer = version.sequencer;
  };

  const setTags = (key: string, versionId: string, tags: Record<string, string>) => {
    const versions = versionsByKey.get(key) ?? [];
    const tagged = versions.map((version) =>
      version.kind === 'object' && version.versionId === versionId ? { ...version, tags } : version,
    );
    if (tagged.length > 0) versionsByKey.set(key, tagged);
  };

  const addEvent = (event: PendingEvent | undefined) => {
    if (!event) return;
    events.set(event.sequencer, event);
    if (event.sequencer > lastSequencer) lastSequencer = event.sequencer;
  };

  const endUpload = (uploadId: string) => {
    for (const { file } of uploads.get(uploadId)?.parts.values() ?? []) discardedFiles.push(file);
    uploads.delete(uploadId);
  };

  const addPart = (uploadId: string, part: UploadPart) => {
    const upload = uploads.get(uploadId);
    const replaced = upload?.parts.get(part.partNumber);
    if (replaced) discardedFiles.push(replaced.file);
    if (upload) upload.parts.set(part.partNumber, part);
    else discardedFiles.push(part.file);
  };

  const apply = (record: BucketRecord) => {
    switch (record.op) {
      case 'put':
        addVersion(record.version);
        addEvent(record.event);
        if (record.taken) takenStamps.set(record.taken.path, record.taken.stamp);
        if (record.uploadId !== undefined) endUpload(record.uploadId);
        return;
      case 'remove':
        dropVersion(record.key, record.versionId);
        return addEvent(record.event);
      case 'tags':
        setTags(record.key, record.versionId, record.tags);
        return addEvent(record.event);
      case 'event':
        return addEvent(record.event);
      case 'sent':
        events.delete(record.sequencer);
        return;
      case 'taken':
        takenStamps.set(record.taken.path, record.taken.stamp);
        return;
      case 'upload':
        uploads.set(record.upload.uploadId, { ...record.upload, parts: new Map() });
        return;
      case 'part':
        return addPart(record.uploadId, record.part);
      case 'abort':
        return endUpload(record.uploadId);
    }
  };

  function* records(): Generator<BucketRecord> {
    for (const versions of versionsByKey.values()) {
      for (const version of versions.toReversed()) yield { op: 'put', version };
    }
    for (const event of events.values()) yield { op: 'event', event };
    for (const [path, stamp] of takenStamps) yield { op: 'taken', taken: { path, stamp } };
    for (const { parts, ...upload } of uploads.values()) {
      yield { op: 'upload', upload };
      for (const part of parts.values()) yield { op: 'part', uploadId: upload.uploadId, part };
    }
  }

  const newest = (key: string): ObjectVersion | undefined => versionsByKey.get(key)?.[0];

  return {
    apply,
    snapshot: () => [...records()],
    newest,
    /** The object a plain read of the key finds. */
    current: (key: string): StoredObject | undefined => {
      const version = newest(key);
      return version?.kind === 'object' ? version : undefined;
    },
    versions: (key: string): readonly ObjectVersion[] => versionsByKey.get(key) ?? [],
    /** In S3's order: by the bytes of their UTF-8. */
    sortedKeys: (): readonly string[] => {
      sorted ??= [...versionsByKey.keys()].sort(compareKeys);
      return sorted;
    },
    upload: (uploadId: string): OpenUpload | undefined => uploads.get(uploadId),
    uploads: (): readonly OpenUpload[] => [...uploads.values()],
    pendingEvents: (): PendingEvent[] => [...events.values()],
    isTaken: (path: string, stamp: string): boolean => takenStamps.get(path) === stamp,
    lastSequencer: (): string => lastSequencer,
    /** Every data file that the state still names. */
    files: (): Set<string> => {
      const files = [...versionsByKey.values()].flat().flatMap((v) => (v.kind === 'object' ? [v.file] : []));
      const parts = [...uploads.values()].flatMap((upload) => [...upload.parts.values()]);
      return new Set([...files, ...parts.map((part) => part.file)]);
    },
    /** The data files that no version names any more, each told once. */
    takeDiscarded: (): string[] => {
      const files = discardedFiles;
      discardedFiles = [];
      return files;
    },
  };
};
