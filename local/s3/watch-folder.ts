import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { Bucket } from './bucket.ts';
import { etagOf } from './encryption.ts';
import { checkKey } from './key-path.ts';
import type { ChangeOrigin } from './object-event.ts';
import { readDescription } from './object-headers.ts';
import { receiveBody } from './receive-body.ts';
import { claimsOf } from './request-body.ts';

const isIgnored = (name: string) =>
  /^[.~]|~$|\.(tmp|temp|part|partial|crdownload|download|swp)$|^(thumbs\.db|desktop\.ini)$/i.test(name);

type Sighting = { path: string; stamp: string };

const sight = async (path: string): Promise<Sighting[]> => {
  try {
    const { size, mtimeMs } = await stat(path);
    return [{ path, stamp: `${size}:${mtimeMs}` }];
  } catch {
    return []; // Gone since it was listed.
  }
};

/** The regular files below a folder; links are not followed. */
const sightFiles = async (folder: string): Promise<Sighting[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries
      .filter(({ name }) => !isIgnored(name))
      .map((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return sightFiles(path);
        return entry.isFile() ? sight(path) : [];
      }),
  );
  return found.flat();
};

/**
 * Makes an object of every file that comes into a folder, once its size and time have stood still between two
 * looks. A file of the same path, size and time is taken once, across restarts too. The answer ends the watch.
 */
export const watchFolder = (
  folder: string,
  bucket: Bucket,
  keyPrefix: string,
  options: { pollMs: number; origin: () => ChangeOrigin; onError: (error: unknown) => void },
): (() => Promise<void>) => {
  const root = resolve(folder);
  let seen = new Map<string, string>();
  const reported = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let isEnded = false;

  const take = async ({ path, stamp }: Sighting) => {
    const key = `${keyPrefix}${relative(root, path).split(sep).join('/').normalize('NFC')}`;
    checkKey(key);
    const target = bucket.newFile();
    const body = createReadStream(path);
    const { size, etag, checksum } = await receiveBody(body, target.path, claimsOf({}));
    const [after] = await sight(path);
    if (after?.stamp !== stamp) return rm(target.path, { force: true }); // It moved on while being read.
    const description = readDescription({}, bucket.spec);
    await bucket.put(
      {
        key,
        file: target.file,
        size,
        etag: etagOf(etag, description.encryption),
        taken: { path, stamp },
        ...description,
        checksum: checksum && { ...checksum, type: 'FULL_OBJECT' },
      },
      options.origin(),
    );
  };

  /** A file that cannot be taken is tried at every look, but told of once. */
  const reportOnce = ({ path, stamp }: Sighting, error: unknown) => {
    if (reported.get(path) === stamp) return;
    reported.set(path, stamp);
    options.onError(new Error(`${path} cannot be taken`, { cause: error }));
  };

  const look = async () => {
    const now = await sightFiles(root);
    const settled = now.filter(({ path, stamp }) => seen.get(path) === stamp);
    seen = new Map(now.map(({ path, stamp }) => [path, stamp]));
    for (const sighting of settled) {
      if (isEnded || bucket.state.isTaken(sighting.path, sighting.stamp)) continue;
      await take(sighting).catch((error: unknown) => reportOnce(sighting, error));
    }
  };

  const run = async () => {
    await look().catch(options.onError);
    if (!isEnded) timer = setTimeout(start, options.pollMs);
  };
  let running: Promise<void> = Promise.resolve();
  function start() {
    running = run();
  }
  start();
  return async () => {
    isEnded = true;
    clearTimeout(timer);
    await running;
  };
};
