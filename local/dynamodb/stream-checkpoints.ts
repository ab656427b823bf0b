import * as z from 'zod';
import type { CallPort } from '../calls/call-port.ts';
import { openRecordLog } from '../durable/record-log.ts';

/** A table made anew has a stream of its own, so a shard is only known together with its stream. */
const checkpointSchema = z.object({ stream: z.string(), shard: z.string(), sequenceNumber: z.string() });
type Checkpoint = z.infer<typeof checkpointSchema>;

/** Stands for the stream itself: it has been read before, so a shard without a checkpoint is read whole. */
const anyShard = '*';

/** How far a mapping has dealt with each shard of a stream; kept on disk. */
export const openCheckpoints = async (file: string, stream: string, reach?: CallPort['reach']) => {
  const checkpoints = new Map<string, Checkpoint>();
  const log = await openRecordLog<Checkpoint>({
    file,
    name: 'stream-checkpoints',
    reach,
    parse: (line) => checkpointSchema.parse(line),
    apply: (checkpoint) => checkpoints.set(`${checkpoint.stream} ${checkpoint.shard}`, checkpoint),
    snapshot: () => [...checkpoints.values()],
  });
  const find = (shard: string) => checkpoints.get(`${stream} ${shard}`)?.sequenceNumber;
  return {
    find,
    /** Resolves once it is on disk. */
    set: (shard: string, sequenceNumber: string) => log.append({ stream, shard, sequenceNumber }),
    hasStarted: () => find(anyShard) !== undefined,
    markStarted: () => log.append({ stream, shard: anyShard, sequenceNumber: '' }),
    close: log.close,
  };
};
