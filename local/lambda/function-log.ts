import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

export type FunctionLog = {
  /** One line per line of `text`: time, function, request id, text. */
  write(functionName: string, requestId: string | undefined, text: string): void;
  close(): Promise<void>;
};

/** Appends what functions print to `{folder}/{function}.log`. */
export const createFunctionLog = (folder: string, now: () => number): FunctionLog => {
  mkdirSync(folder, { recursive: true });
  const streams = new Map<string, WriteStream>();
  let isClosed = false;
  const streamOf = (functionName: string) => {
    const open = streams.get(functionName);
    if (open) return open;
    const stream = createWriteStream(join(folder, `${functionName}.log`), { flags: 'a' });
    streams.set(functionName, stream);
    return stream;
  };
  return {
    write(functionName, requestId, text) {
      if (isClosed) return; // the last word of a worker that was ended with its pool
      const head = `${new Date(now()).toISOString()} ${functionName} ${requestId ?? '-'} `;
      const lines = text.replace(/\n$/, '').split('\n');
      streamOf(functionName).write(lines.map((line) => `${head}${line}\n`).join(''));
    },
    async close() {
      isClosed = true;
      await Promise.all(
        [...streams.values()].map((stream) => new Promise<void>((resolve) => stream.end(() => resolve()))),
      );
      streams.clear();
    },
  };
};
