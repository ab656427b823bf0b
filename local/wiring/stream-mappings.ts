import type { DatabaseClient } from '../dynamodb/database-client.ts';
import { type StreamMapping, startStreamMapping } from '../dynamodb/stream-mapping.ts';
import type { MappingSpec } from '../lambda/declared-mappings.ts';
import type { LambdaPool } from '../lambda/pool.ts';

export type StreamMappingsOptions = {
  mappings: MappingSpec[];
  /** By the stream's ARN in the template: the ARN under which the database knows it. */
  databaseStreams: ReadonlyMap<string, string>;
  database: DatabaseClient;
  lambda: Pick<LambdaPool, 'invoke'>;
  sendToQueue: (queueArn: string, body: string) => Promise<void>;
  region: string;
  stateDir: string;
  onError: (line: string) => void;
};

/** Starts every mapping of a table's stream. */
export const startStreamMappings = async (
  options: StreamMappingsOptions,
): Promise<{ close(): Promise<void> }> => {
  const { mappings, databaseStreams, database, lambda, sendToQueue } = options;
  const started: StreamMapping[] = [];
  for (const mapping of mappings) {
    const databaseStreamArn = databaseStreams.get(mapping.sourceArn);
    if (databaseStreamArn === undefined) continue;
    started.push(
      await startStreamMapping({
        ...options,
        mapping,
        databaseStreamArn,
        stream: database.stream,
        invoke: lambda.invoke,
        sendToDestination: sendToQueue,
      }),
    );
  }
  return {
    async close() {
      await Promise.all(started.map((mapping) => mapping.close()));
    },
  };
};
