import { createDatabaseClient, type DatabaseClient } from './database-client.ts';
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
  onExit: (reason: string) => void;
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
    const client = createDatabaseClient(url, { accessKeyId, region });
    const streams = new Map<string, string>();
    for (const table of tables) {
      const { databaseStreamArn } = await ensureTable(client, table);
      if (databaseStreamArn !== undefined) streams.set(table.streamArn, databaseStreamArn);
    }
    return { url, client, streams, close };
  } catch (error) {
    await close();
    throw error;
  }
};
