import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keyToNames } from './key-path.ts';

export type ObjectView = ReturnType<typeof createObjectView>;

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** A file beside a folder of the same name: S3 allows the keys a and a/b at once. */
const besideFolder = (path: string) => `${path}%`;

const share = (from: string, to: string) => link(from, to).catch(() => copyFile(from, to));

/** Shows the current object of each key as a plain file under `root`; a picture only, never read back. */
export const createObjectView = (root: string, temporaryFolder: string) => {
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = queue.then(run);
    queue = result.catch(() => undefined);
    return result;
  };

  const makeFolders = async (names: string[]) => {
    let folder = root;
    for (const name of names) {
      folder = join(folder, name);
      if (await isFile(folder)) await rename(folder, besideFolder(folder));
      await mkdir(folder, { recursive: true });
    }
  };

  const pathOf = async (names: string[]) => {
    const path = join(root, ...names);
    return (await isFolder(path)) ? besideFolder(path) : path;
  };

  const removeEmptyFolders = async (path: string) => {
    for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
      try {
        await rmdir(folder);
      } catch {
        return;
      }
    }
  };

  return {
    show: (key: string, dataFile: string): Promise<void> =>
      inTurn(async () => {
        const names = keyToNames(key);
        await makeFolders(names.slice(0, -1));
        const temporary = join(temporaryFolder, randomUUID());
        await share(dataFile, temporary);
        const path = await pathOf(names);
        await rename(temporary, path);
        if (path === join(root, ...names)) await rm(besideFolder(path), { force: true });
      }),
    hide: (key: string): Promise<void> =>
      inTurn(async () => {
        const path = join(root, ...keyToNames(key));
        await rm(await pathOf(keyToNames(key)), { force: true });
        await rm(besideFolder(path), { force: true });
        await removeEmptyFolders(path);
      }),
    clear: (): Promise<void> =>
      inTurn(async () => {
        await rm(root, { recursive: true, force: true });
        await mkdir(root, { recursive: true });
      }),
  };
};
