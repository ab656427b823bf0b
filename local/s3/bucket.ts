import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import { type BucketStorage, openBucketStorage } from './bucket-storage.ts';
import { createKeyLock } from './key-lock.ts';
import { type ChangeOrigin, createdEvent, deletedEvent } from './object-event.ts';
import type { ObjectDescription, PendingEvent, StoredChecksum, StoredObject, TakenFile } from './records.ts';
import { createSequencer } from './sequencer.ts';

export type BucketSpec = { name: string; versioned: boolean; eventBridge: boolean };

/** A body already in the data folder, to become the newest version of a key. */
type NewObject = ObjectDescription & {
  key: string;
  file: string;
  size: number;
  etag: string;
  checksum?: StoredChecksum | undefined;
  /** Refuses by throwing, with the present object in hand. */
  precondition?: ((current: StoredObject | undefined) => void) | undefined;
  taken?: TakenFile | undefined;
  uploadId?: string | undefined;
};

export type Deletion = { versionId?: string; isMarker: boolean };

export type OnEvent = (detailType: string, detail: JsonValue, resources: string[]) => Promise<void>;

export type Bucket = BucketStorage & {
  spec: BucketSpec;
  put(object: NewObject, origin: ChangeOrigin): Promise<StoredObject>;
  /** Removes a version for good, or hides the key of a versioned bucket behind a delete marker. */
  remove(key: string, versionId: string | undefined, origin: ChangeOrigin): Promise<Deletion>;
};

const newVersionId = () => randomBytes(24).toString('base64url');

/** Opens a bucket; what touches the same key runs one after another. */
export const openBucket = async (options: {
  spec: BucketSpec;
  folder: string;
  clock: Clock;
  onEvent: OnEvent;
}): Promise<Bucket> => {
  const { spec, folder, clock, onEvent } = options;
  const resources = [`arn:aws:s3:::${spec.name}`];
  const deliver = ({ detailType, detail }: PendingEvent) => onEvent(detailType, detail, resources);
  const storage = await openBucketStorage({ folder, clock, deliver });
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
      const { precondition: _, taken, uploadId, ...content } = object;
      const version: StoredObject = {
        ...content,
        kind: 'object',
        versionId: spec.versioned ? newVersionId() : 'null',
        sequencer: takeSequencer(),
        modifiedMs: clock.now(),
      };
      const event = withEvent(createdEvent(spec.name, version, origin));
      await commit({ op: 'put', version, taken, uploadId, ...event }, object.key);
      return version;
    });

  const removeVersion = async (key: string, versionId: string, origin: ChangeOrigin): Promise<Deletion> => {
    const version = state.versions(key).find((candidate) => candidate.versionId === versionId);
    if (version) {
      const deleted = { key, versionId, sequencer: takeSequencer(), kind: 'permanent' } as const;
      const event = withEvent(deletedEvent(spec.name, deleted, origin));
      await commit({ op: 'remove', key, versionId, ...event }, key);
    }
    return { ...(spec.versioned ? { versionId } : {}), isMarker: version?.kind === 'marker' };
  };

  const hideBehindMarker = async (key: string, origin: ChangeOrigin): Promise<Deletion> => {
    const [versionId, sequencer] = [newVersionId(), takeSequencer()];
    const event = withEvent(deletedEvent(spec.name, { key, versionId, sequencer, kind: 'marker' }, origin));
    const version = { kind: 'marker', key, versionId, sequencer, modifiedMs: clock.now() } as const;
    await commit({ op: 'put', version, ...event }, key);
    return { versionId, isMarker: true };
  };

  return {
    ...storage,
    spec,
    put,
    remove: (key, versionId, origin) =>
      inTurnOf(key, () =>
        versionId === undefined && spec.versioned
          ? hideBehindMarker(key, origin)
          : removeVersion(key, versionId ?? 'null', origin),
      ),
  };
};
