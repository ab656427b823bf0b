import { isRead } from '../calls/call.ts';
import { createDatabaseClient, type DatabaseCall, type DatabaseClient } from './database-client.ts';
import { startDatabase } from './database-process.ts';
import type { TableSpec } from './declared-tables.ts';
import { ensureTable } from './ensure-table.ts';
import { locateDatabase } from './locate-database.ts';

export type Database = {
  url: string;
  client: DatabaseClient;
  /** By the stream's ARN in the template: the ARN under which the database knows it. */
  streams: ReadonlyMap<string, string>;
  close(): Promise<void>;
};

export type OpenDatabaseOptions = {
  tables: TableSpec[];
  environment: Record<string, string | undefined>;
  stateDir: string;
  /** Asked only when the database is started here; 0 takes a free one. */
  takePort: () => number;
  accessKeyId: string;
  region: string;
  /** A table may have changed by a call of the client. */
  onWrite: () => void;
  onExit: (reason: string) => void;
};

const telling =
  (call: DatabaseCall, onWrite: () => void): DatabaseCall =>
  async (operation, input) => {
    const answer = await call(operation, input);
    if (!isRead(operation)) onWrite();
    return answer;
  };

/** Finds or starts the database and gives it the tables. What is started here ends at close(). */
export const openDatabase = async (options: OpenDatabaseOptions): Promise<Database> => {
  const { tables, environment, stateDir, takePort, accessKeyId, region, onExit } = options;
  const location = locateDatabase(environment);
  const { url, close } =
    location.kind === 'endpoint'
      ? { url: location.url, close: async () => {} }
      : await startDatabase({ binary: location.path, stateDir, port: takePort(), onExit });
  try {
    const { table, stream } = createDatabaseClient(url, { accessKeyId, region });
    const client = { table: telling(table, options.onWrite), stream };
    const streams = new Map<string, string>();
    for (const spec of tables) {
      const { databaseStreamArn } = await ensureTable(client, spec);
      if (databaseStreamArn !== undefined) streams.set(spec.streamArn, databaseStreamArn);
    }
    return { url, client, streams, close };
  } catch (error) {
    await close();
    throw error;
  }
};
