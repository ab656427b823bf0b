import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import type { BucketSpec } from './bucket-spec.ts';
import { type BucketStorage, openBucketStorage } from './bucket-storage.ts';
import type { Precondition } from './conditions.ts';
import { createKeyLock } from './key-lock.ts';
import { type ChangeOrigin, createdEvent, deletedEvent, type TagOrigin, tagsEvent } from './object-event.ts';
import type {
  ObjectDescription,
  ObjectPart,
  PendingEvent,
  StoredChecksum,
  StoredObject,
  TakenFile,
} from './records.ts';
import { createSequencer } from './sequencer.ts';

/** A body already in the data folder, to become the newest version of a key. */
type NewObject = ObjectDescription & {
  key: string;
  file: string;
  size: number;
  etag: string;
  checksum?: StoredChecksum | undefined;
  /** Refuses by throwing, with the present object in hand. */
  precondition?: Precondition | undefined;
  taken?: TakenFile | undefined;
  /** The multipart upload that the object completes, and its parts. */
  uploadId?: string | undefined;
  parts?: ObjectPart[] | undefined;
};

type Removal = {
  key: string;
  /** Undefined for the key as a plain read sees it. */
  versionId?: string | undefined;
  precondition?: Precondition | undefined;
};

export type Deletion = { versionId?: string; isMarker: boolean };

export type OnEvent = (detailType: string, detail: JsonValue, resources: string[]) => Promise<void>;

export type Bucket = BucketStorage & {
  spec: BucketSpec;
  put(object: NewObject, origin: ChangeOrigin): Promise<StoredObject>;
  /** Removes a version for good, or hides the key of a versioned bucket behind a delete marker. */
  remove(removal: Removal, origin: ChangeOrigin): Promise<Deletion>;
  /** Gives an object these tags in place of those it has. */
  tag(object: StoredObject, tags: Record<string, string>, origin: TagOrigin): Promise<void>;
};

const newVersionId = () => randomBytes(24).toString('base64url');

/** Opens a bucket; what touches the same key runs one after another. */
export const openBucket = async (options: {
  spec: BucketSpec;
  folder: string;
  clock: Clock;
  onEvent: OnEvent;
  reach?: CallPort['reach'] | undefined;
}): Promise<Bucket> => {
  const { spec, folder, clock, onEvent, reach } = options;
  const resources = [`arn:aws:s3:::${spec.name}`];
  const deliver = ({ detailType, detail }: PendingEvent) => onEvent(detailType, detail, resources);
  const storage = await openBucketStorage({ folder, clock, deliver, reach });
  const { state, commit, dataPath } = storage;
  const takeSequencer = createSequencer(state.lastSequencer(), clock.now);
  const inTurnOf = createKeyLock();
  const withEvent = (event: PendingEvent) => (spec.eventBridge ? { event } : {});

  const checkPrecondition = async ({ precondition, key, file }: NewObject) => {
    try {
      precondition?.(state.current(key));
    } catch (error) {
      await rm(dataPath(file), { force: true });
      throw error;
    }
  };

  const put: Bucket['put'] = (object, origin) =>
    inTurnOf(object.key, async () => {
      await checkPrecondition(object);
      const { precondition: _, taken, ...content } = object;
      const version: StoredObject = {
        ...content,
        kind: 'object',
        versionId: spec.versioning === 'Enabled' ? newVersionId() : 'null',
        sequencer: takeSequencer(),
        modifiedMs: clock.now(),
      };
      const event = withEvent(createdEvent(spec.name, version, origin));
      await commit({ op: 'put', version, taken, uploadId: object.uploadId, ...event }, object.key);
      return version;
    });

  const removeVersion = async (key: string, versionId: string, origin: ChangeOrigin): Promise<Deletion> => {
    const version = state.versions(key).find((candidate) => candidate.versionId === versionId);
    if (version) {
      const deleted = { key, versionId, sequencer: takeSequencer(), kind: 'permanent' } as const;
      const event = withEvent(deletedEvent(spec.name, deleted, origin));
      await commit({ op: 'remove', key, versionId, ...event }, key);
    }
    return { ...(spec.versioning ? { versionId } : {}), isMarker: version?.kind === 'marker' };
  };

  const hideBehindMarker = async (key: string, origin: ChangeOrigin): Promise<Deletion> => {
    const versionId = spec.versioning === 'Enabled' ? newVersionId() : 'null';
    const sequencer = takeSequencer();
    const event = withEvent(deletedEvent(spec.name, { key, versionId, sequencer, kind: 'marker' }, origin));
    const version = { kind: 'marker', key, versionId, sequencer, modifiedMs: clock.now() } as const;
    await commit({ op: 'put', version, ...event }, key);
    return { versionId, isMarker: true };
  };

  return {
    ...storage,
    spec,
    put,
    remove: ({ key, versionId, precondition }, origin) =>
      inTurnOf(key, async () => {
        precondition?.(state.current(key));
        return versionId === undefined && spec.versioning
          ? hideBehindMarker(key, origin)
          : removeVersion(key, versionId ?? 'null', origin);
      }),
    tag: ({ key, versionId }, tags, origin) =>
      inTurnOf(key, async () => {
        const object = state.versions(key).find((version) => version.versionId === versionId);
        if (object?.kind !== 'object') return;
        const event = withEvent(tagsEvent(spec.name, { ...object, tags }, takeSequencer(), origin));
        await commit({ op: 'tags', key, versionId, tags, ...event });
      }),
  };
};
