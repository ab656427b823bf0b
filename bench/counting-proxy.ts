import { createServer, type IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';

/** Consumed capacity units since the last reset; transactional ones count double already. */
export type Capacity = { read: number; write: number; requests: number };

const consumedSchema = z.looseObject({
  ReadCapacityUnits: z.number().optional(),
  WriteCapacityUnits: z.number().optional(),
  CapacityUnits: z.number().optional(),
});
const answerSchema = z.looseObject({
  ConsumedCapacity: z.union([consumedSchema, z.array(consumedSchema)]).optional(),
});

const readOperations = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);

/** Stands between the functions and the database, asks for the consumed capacity of each call and adds it up. */
export const countingProxy = async (databaseUrl: string) => {
  const capacity: Capacity = { read: 0, write: 0, requests: 0 };
  let ignored: string | undefined;

  const add = (operation: string, answer: unknown) => {
    const { ConsumedCapacity: consumed = [] } = answerSchema.parse(answer);
    for (const one of Array.isArray(consumed) ? consumed : [consumed]) {
      const isRead = readOperations.has(operation);
      capacity.read += one.ReadCapacityUnits ?? (isRead ? (one.CapacityUnits ?? 0) : 0);
      capacity.write += one.WriteCapacityUnits ?? (isRead ? 0 : (one.CapacityUnits ?? 0));
    }
  };

  const forward = async (headers: IncomingHttpHeaders, body: string) => {
    const target = String(headers['x-amz-target'] ?? '');
    const operation = target.slice(target.indexOf('.') + 1);
    const isOurs = ignored !== undefined && headers.authorization?.includes(`Credential=${ignored}/`);
    const isCounted = !isOurs && target.startsWith('DynamoDB_') && /Item|Query|Scan/.test(operation);
    const asked = isCounted
      ? JSON.stringify({ ...z.looseObject({}).parse(JSON.parse(body)), ReturnConsumedCapacity: 'INDEXES' })
      : body;
    const answer = await fetch(databaseUrl, {
      method: 'POST',
      body: asked,
      headers: {
        'X-Amz-Target': target,
        'X-Amz-Date': String(headers['x-amz-date'] ?? ''),
        'Content-Type': 'application/x-amz-json-1.0',
        Authorization: headers.authorization ?? '',
      },
    });
    const text = await answer.text();
    if (isCounted) capacity.requests++;
    if (isCounted && answer.ok) add(operation, JSON.parse(text));
    return { status: answer.status, text };
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      forward(request.headers, Buffer.concat(chunks).toString()).then(
        ({ status, text }) =>
          response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(text),
        (error: unknown) => response.writeHead(502).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    /** Calls signed with this access key are the bench's own and not counted. */
    ignore: (accessKeyId: string) => {
      ignored = accessKeyId;
    },
    /** What was consumed since the last call. */
    take: (): Capacity => {
      const taken = { ...capacity };
      Object.assign(capacity, { read: 0, write: 0, requests: 0 });
      return taken;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
};
