import { createHash } from 'node:crypto';
import { hmacSha256, isSameSignature, type ProvenSignature, sha256Hex } from '../http/sigv4.ts';
import { S3Error } from './s3-error.ts';

export type AwsChunkedOptions = {
  /** The request's own signature, which the chunks' signatures continue; absent when they are unsigned. */
  seed?: ProvenSignature;
  /** The least that a chunk may hold unless it is the last. */
  smallestChunkBytes?: number;
  onTrailer: (name: string, value: string) => void;
};

const longestLine = 4096;
const emptyHash = sha256Hex('');

const incomplete = () => new S3Error('IncompleteBody', { message: 'The aws-chunked body is malformed.' });

/** Reads lines and exact byte counts from a stream of arbitrary pieces. */
const createReader = (source: AsyncIterable<Buffer>) => {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const pull = async () => {
    const next = await iterator.next();
    if (next.done) throw incomplete();
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
  };
  return {
    async line(): Promise<string> {
      for (;;) {
        const end = held.indexOf('\r\n');
        if (end >= 0) {
          const line = held.toString('utf8', 0, end);
          held = held.subarray(end + 2);
          return line;
        }
        if (held.length > longestLine) throw incomplete();
        await pull();
      }
    },
    async *bytes(count: number): AsyncGenerator<Buffer> {
      for (let left = count; left > 0; ) {
        if (held.length === 0) await pull();
        const piece = held.subarray(0, left);
        held = held.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
  };
};

const createChain = (seed: ProvenSignature) => {
  let previous = seed.signature;
  return (kind: 'PAYLOAD' | 'TRAILER', hashes: string[], claimed: string | undefined) => {
    const toSign = [`AWS4-HMAC-SHA256-${kind}`, seed.amzDate, seed.scope, previous, ...hashes].join('\n');
    const expected = hmacSha256(seed.signingKey, toSign).toString('hex');
    if (!isSameSignature(expected, claimed ?? '')) throw new S3Error('SignatureDoesNotMatch');
    previous = expected;
  };
};

const trailerSignature = 'x-amz-trailer-signature';

async function readTrailers(reader: ReturnType<typeof createReader>): Promise<[string, string][]> {
  const trailers: [string, string][] = [];
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    if (colon < 1 || trailers.length > 20) throw incomplete();
    trailers.push([line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]);
  }
  return trailers;
}

/** The payload inside an aws-chunked body; throws S3Error on bad framing or a bad chunk signature. */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  options: AwsChunkedOptions,
): AsyncGenerator<Buffer> {
  const reader = createReader(source);
  const verify = options.seed && createChain(options.seed);
  const { smallestChunkBytes = 0 } = options;
  for (let wasSmall = false; ; ) {
    const [, sizeText, signature] =
      /^([0-9a-f]{1,10})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(await reader.line()) ?? [];
    if (sizeText === undefined) throw incomplete();
    const size = Number.parseInt(sizeText, 16);
    const hash = createHash('sha256');
    for await (const piece of reader.bytes(size)) {
      if (verify) hash.update(piece);
      yield piece;
    }
    verify?.('PAYLOAD', [emptyHash, hash.digest('hex')], signature);
    if (size === 0) break;
    if (wasSmall) throw new S3Error('InvalidChunkSizeError');
    wasSmall = size < smallestChunkBytes;
    if ((await reader.line()) !== '') throw incomplete();
  }
  const trailers = await readTrailers(reader);
  const signed = trailers.filter(([name]) => name !== trailerSignature);
  if (verify && signed.length > 0) {
    const text = signed.map(([name, value]) => `${name}:${value}\n`).join('');
    const claimed = trailers.find(([name]) => name === trailerSignature)?.[1];
    verify('TRAILER', [sha256Hex(text)], claimed);
  }
  for (const [name, value] of signed) options.onTrailer(name, value);
}
