import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Entry, fromBufferPromise, type ZipFile as ZipReader } from 'yauzl';
import { ZipFile as ZipWriter } from 'yazl';

/** The parts of an OOXML package, by the names they have in the zip, which are compared without regard to case. */
export type PackageFile = {
  find: (name: string) => string | undefined;
  /** A name that no part has yet, such as xl/worksheets/sheet4.xml; another one at each call. */
  newName: (before: string, after: string) => string;
  read: (name: string) => Promise<Buffer>;
  stream: (name: string) => Promise<AsyncIterable<Buffer>>;
  /** The package again, with parts replaced, added, or (where undefined) left out; others are copied. */
  write: (changes: ReadonlyMap<string, Buffer | AsyncIterable<Buffer> | undefined>) => Promise<Buffer>;
};

async function* buffers(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.from(chunk);
}

/** Opens a package that has been read before, so that its bounds are known to hold. */
export const openPackageFile = async (bytes: Buffer): Promise<PackageFile> => {
  const zip: ZipReader = await fromBufferPromise(bytes);
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) if (!entry.fileName.endsWith('/')) entries.push(entry);
  const byName = new Map(entries.map((entry) => [entry.fileName.toLowerCase(), entry]));

  const given = new Set<string>();
  const isTaken = (name: string): boolean => byName.has(name.toLowerCase()) || given.has(name);

  const stream = async (name: string): Promise<Readable> => {
    const entry = byName.get(name.toLowerCase());
    if (!entry) throw new Error(`the package has no part ${name}`);
    return zip.openReadStreamPromise(entry);
  };

  return {
    find: (name) => byName.get(name.toLowerCase())?.fileName,
    newName: (before, after) => {
      let number = 1;
      while (isTaken(`${before}${number}${after}`)) number += 1;
      const name = `${before}${number}${after}`;
      given.add(name);
      return name;
    },
    read: async (name) => buffer(await stream(name)),
    stream: async (name) => buffers(await stream(name)),
    write: async (changes) => {
      const writer = new ZipWriter();
      const written = buffer(writer.outputStream);
      const add = async (name: string, content: Buffer | AsyncIterable<Buffer>): Promise<void> => {
        if (Buffer.isBuffer(content)) return writer.addBuffer(content, name);
        const part = Readable.from(content, { objectMode: false });
        const ended = new Promise<void>((resolve, reject) => part.once('end', resolve).once('error', reject));
        writer.addReadStream(part, name);
        await ended;
      };
      const changed = new Map([...changes].map(([name, content]) => [name.toLowerCase(), content]));
      for (const { fileName } of entries) {
        const key = fileName.toLowerCase();
        const content = changed.has(key) ? changed.get(key) : buffers(await stream(fileName));
        if (content !== undefined) await add(fileName, content);
      }
      for (const [name, content] of changes)
        if (content !== undefined && !byName.has(name.toLowerCase())) await add(name, content);
      writer.end();
      return written;
    },
  };
};
