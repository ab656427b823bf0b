import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { writeFileDurably } from '../durable/write-file.ts';

const markSchema = z.object({ localCloudState: z.literal(1) });

/** A socket and not a file with a process id: it goes with its process, however that ends. */
const lockAddress = (folder: string): string => {
  const name = `local-cloud-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
};

const isAnswered = (address: string): Promise<boolean> =>
  new Promise((answer) => {
    const socket = connect(address);
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });

const listen = (address: string): Promise<Server | undefined> =>
  new Promise((done, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(undefined) : reject(error),
    );
    server.listen(address, () => done(server));
  });

const lock = async (folder: string): Promise<Server> => {
  const address = lockAddress(folder);
  const first = await listen(address);
  if (first) return first;
  if (await isAnswered(address))
    throw new Error(`Another local cloud runs over ${folder}; end it, or give this one a folder of its own.`);
  rmSync(address, { force: true });
  const second = await listen(address);
  if (second) return second;
  throw new Error(`Another local cloud has just started over ${folder}.`);
};

const checkMark = (folder: string, markFile: string): void => {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  if (existsSync(markFile) && markSchema.safeParse(JSON.parse(readFileSync(markFile, 'utf8'))).success)
    return;
  throw new Error(`${folder} is not empty and no state of this local cloud; name another folder.`);
};

/**
 * Takes the folder for this process alone; `fresh` empties it first. Throws when another cloud holds it,
 * or when it holds anything that is not a local cloud's state.
 */
export const openStateFolder = async (
  path: string,
  { fresh }: { fresh: boolean },
): Promise<{ folder: string; close(): Promise<void> }> => {
  const folder = resolve(path);
  const markFile = join(folder, 'local-cloud.json');
  const server = await lock(folder);
  const close = () => new Promise<void>((done) => server.close(() => done()));
  try {
    checkMark(folder, markFile);
    if (fresh) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    if (!existsSync(markFile)) await writeFileDurably(markFile, JSON.stringify({ localCloudState: 1 }));
    return { folder, close };
  } catch (error) {
    await close();
    throw error;
  }
};
