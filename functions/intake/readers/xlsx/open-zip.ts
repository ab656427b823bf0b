import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { asDamaged, InvalidFile } from '../invalid-file.ts';
import { limits, type SizeLimits } from '../limits.ts';

/** The parts of an OOXML package; their names are compared without regard to case, as the standard says. */
export type Package = {
  has: (name: string) => boolean;
  /** The inflated bytes of a part; undefined when there is none. Throws InvalidFile when they are damaged or too many. */
  read: (name: string) => AsyncIterable<Buffer> | undefined;
};

const refuseBomb = (
  { fileName, compressedSize, uncompressedSize }: Entry,
  { partBytes }: SizeLimits,
): void => {
  const isDense =
    uncompressedSize > limits.ratioFromBytes && uncompressedSize > compressedSize * limits.inflationRatio;
  if (uncompressedSize > partBytes || isDense)
    throw new InvalidFile('INFLATES_TOO_MUCH', { technical: fileName.slice(0, 200) });
};

const readEntries = async (zip: ZipFile, sizes: SizeLimits): Promise<Map<string, Entry>> => {
  if (zip.entryCount > limits.zipEntries)
    throw new InvalidFile('INFLATES_TOO_MUCH', { technical: `${zip.entryCount} parts` });
  const entries = new Map<string, Entry>();
  let declaredBytes = 0;
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.toLowerCase();
    if (entry.isEncrypted()) throw new InvalidFile('ENCRYPTED');
    if (entries.has(name)) throw new InvalidFile('DAMAGED', { technical: entry.fileName.slice(0, 200) });
    refuseBomb(entry, sizes);
    declaredBytes += entry.uncompressedSize;
    if (declaredBytes > sizes.inflatedBytes) throw new InvalidFile('INFLATES_TOO_MUCH');
    entries.set(name, entry);
  }
  return entries;
};

/** Opens a zip held in memory. Sizes are bounded as declared here, and again as the bytes inflate. */
export const openZip = async (bytes: Buffer, sizes: SizeLimits, signal?: AbortSignal): Promise<Package> => {
  let zip: ZipFile;
  let entries: Map<string, Entry>;
  try {
    zip = await fromBufferPromise(bytes, { validateEntrySizes: true });
    entries = await readEntries(zip, sizes);
  } catch (error) {
    throw asDamaged(error);
  }
  let inflatedBytes = 0;

  async function* inflate(entry: Entry): AsyncGenerator<Buffer> {
    try {
      let checksum = 0;
      for await (const chunk of await zip.openReadStreamPromise(entry)) {
        if (signal?.aborted) throw new InvalidFile('TOO_SLOW');
        const part = Buffer.from(chunk);
        inflatedBytes += part.length;
        if (inflatedBytes > sizes.inflatedBytes) throw new InvalidFile('INFLATES_TOO_MUCH');
        checksum = crc32(part, checksum);
        yield part;
      }
      if (checksum !== entry.crc32)
        throw new InvalidFile('DAMAGED', { technical: `checksum of ${entry.fileName.slice(0, 200)}` });
    } catch (error) {
      throw asDamaged(error);
    }
  }

  return {
    has: (name) => entries.has(name.toLowerCase()),
    read: (name) => {
      const entry = entries.get(name.toLowerCase());
      return entry && inflate(entry);
    },
  };
};
