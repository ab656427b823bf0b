import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** Unpacks a zip file into `folder`, once: a folder that is there is taken as it is. */
export const unpack = async (zipFile: string, folder: string): Promise<void> => {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  const zip = await openPromise(zipFile, { lazyEntries: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const path = join(unfinished, normalize(entry.fileName));
      if (!path.startsWith(unfinished))
        throw new Error(`${zipFile} names a file outside itself: ${entry.fileName}`);
      if (entry.fileName.endsWith('/')) continue;
      mkdirSync(dirname(path), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
    }
  } finally {
    zip.close();
  }
  renameSync(unfinished, folder);
};
