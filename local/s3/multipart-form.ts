import { S3Error } from './s3-error.ts';

export type UploadForm = {
  /** The fields before the file, names in lower case. */
  fields: Map<string, string>;
  file: { fileName: string; content: AsyncIterable<Buffer> };
};

const mostFieldBytes = 20 * 1024;

const malformed = () => new S3Error('MalformedPOSTRequest');

/** Reads a stream up to marks, in pieces of whatever size they come. */
const createReader = (source: AsyncIterable<Buffer>, start: Buffer) => {
  const iterator = source[Symbol.asyncIterator]();
  let held = start;
  return {
    /** Yields what comes before the mark, and passes over it. */
    async *until(mark: Buffer): AsyncGenerator<Buffer> {
      for (;;) {
        const end = held.indexOf(mark);
        if (end >= 0) {
          if (end > 0) yield held.subarray(0, end);
          held = held.subarray(end + mark.length);
          return;
        }
        // The mark may have begun in the last bytes held.
        const safe = Math.max(held.length - mark.length + 1, 0);
        if (safe > 0) yield held.subarray(0, safe);
        const next = await iterator.next();
        if (next.done) throw malformed();
        held = Buffer.concat([held.subarray(safe), next.value]);
      }
    },
  };
};

type Reader = ReturnType<typeof createReader>;

const readText = async (reader: Reader, mark: string, limit: number): Promise<string> => {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of reader.until(Buffer.from(mark))) {
    size += piece.length;
    if (size > limit) throw new S3Error('MaxPostPreDataLengthExceeded');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
};

const readPartHead = (head: string) => {
  const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(head)?.[1] ?? '';
  const name = /(?:^|;)\s*name="([^"]*)"/i.exec(disposition)?.[1];
  const fileName = /(?:^|;)\s*filename="([^"]*)"/i.exec(disposition)?.[1] ?? '';
  if (name === undefined) throw malformed();
  return { name: name.toLowerCase(), fileName: fileName.split(/[\\/]/).at(-1) ?? '' };
};

/** Reads a multipart/form-data body up to its file, whose content is left to stream; later fields are ignored. */
export const readUploadForm = async (
  body: AsyncIterable<Buffer>,
  contentType: string,
): Promise<UploadForm> => {
  const [, quoted, plain] =
    /^multipart\/form-data;.*\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed();
  const delimiter = `\r\n--${boundary}`;
  // The first delimiter has no line before it.
  const reader = createReader(body, Buffer.from('\r\n'));
  const fields = new Map<string, string>();
  let left = mostFieldBytes;
  await readText(reader, delimiter, left);
  for (;;) {
    const head = await readText(reader, '\r\n\r\n', left);
    if (head.startsWith('--'))
      throw new S3Error('InvalidArgument', { message: 'POST requires exactly one file upload per request.' });
    const { name, fileName } = readPartHead(head);
    if (name === 'file') {
      return { fields, file: { fileName, content: reader.until(Buffer.from(delimiter)) } };
    }
    const value = await readText(reader, delimiter, left);
    left -= head.length + value.length;
    fields.set(name, value);
  }
};
