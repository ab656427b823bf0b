import { randomUUID } from 'node:crypto';
import { open, rename } from 'node:fs/promises';

/** Writes a file so that after a crash it holds either its old content or all of the new one. */
export const writeFileDurably = async (
  file: string,
  content: string | Buffer,
  options: { mode?: number } = {},
): Promise<void> => {
  const temporary = `${file}.${randomUUID()}.tmp`;
  const handle = await open(temporary, 'wx', options.mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
};
