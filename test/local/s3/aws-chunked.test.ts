import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveSigningKey, hmacSha256, sha256Hex } from '../../../local/http/sigv4.ts';
import { decodeAwsChunked } from '../../../local/s3/aws-chunked.ts';

async function* cut(bytes: Buffer, size: number) {
  for (let index = 0; index < bytes.length; index += size) yield bytes.subarray(index, index + size);
}

const decode = async (
  bytes: Buffer,
  options: { pieceSize?: number; seed?: Parameters<typeof decodeAwsChunked>[1]['seed'] } = {},
) => {
  const trailers: Record<string, string> = {};
  const pieces: Buffer[] = [];
  const decoded = decodeAwsChunked(cut(bytes, options.pieceSize ?? bytes.length), {
    ...(options.seed ? { seed: options.seed } : {}),
    onTrailer: (name, value) => {
      trailers[name] = value;
    },
  });
  for await (const piece of decoded) pieces.push(piece);
  return { body: Buffer.concat(pieces), trailers };
};

const scope = '20260131/us-east-1/s3/aws4_request';
const seed = {
  signature: '0'.repeat(64),
  signingKey: deriveSigningKey('not-a-secret', scope),
  amzDate: '20260131T120000Z',
  scope,
};

const signedBody = (chunks: string[], trailer: string) => {
  let previous = seed.signature;
  const sign = (kind: string, ...hashes: string[]) => {
    const toSign = [`AWS4-HMAC-SHA256-${kind}`, seed.amzDate, scope, previous, ...hashes].join('\n');
    previous = hmacSha256(seed.signingKey, toSign).toString('hex');
    return previous;
  };
  const framed = [...chunks, ''].map((chunk) => {
    const signature = sign('PAYLOAD', sha256Hex(''), sha256Hex(chunk));
    const head = `${Buffer.byteLength(chunk).toString(16)};chunk-signature=${signature}\r\n`;
    return chunk === '' ? head : `${head}${chunk}\r\n`;
  });
  const end = `x-amz-trailer-signature:${sign('TRAILER', sha256Hex(`${trailer}\n`))}\r\n\r\n`;
  return `${framed.join('')}${trailer}\r\n${end}`;
};

describe('an aws-chunked body', () => {
  test('gives its payload and trailers, however the network cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        async (chunks, pieceSize) => {
          const framed = chunks.flatMap((chunk) => [
            Buffer.from(`${chunk.length.toString(16)}\r\n`),
            Buffer.from(chunk),
            Buffer.from('\r\n'),
          ]);
          const bytes = Buffer.concat([
            ...framed,
            Buffer.from('0\r\nx-amz-checksum-crc32: AAAAAA==\r\n\r\n'),
          ]);
          const { body, trailers } = await decode(bytes, { pieceSize });
          expect(body.equals(Buffer.concat(chunks))).toBe(true);
          expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' });
        },
      ),
    );
  });

  test.for(['5\r\nabc', '5\r\nabcdeXX0\r\n\r\n', 'zz\r\n', '0\r\n', '0\r\nno colon\r\n\r\n'])(
    'with the framing %j is refused',
    async (text) => {
      await expect(decode(Buffer.from(text))).rejects.toMatchObject({ code: 'IncompleteBody' });
    },
  );
});

test('a chunk below the least size must be the last', async () => {
  const decodeAll = async (text: string) => {
    const pieces: Buffer[] = [];
    const source = cut(Buffer.from(text), text.length);
    const decoded = decodeAwsChunked(source, { smallestChunkBytes: 4, onTrailer: () => undefined });
    for await (const piece of decoded) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  await expect(decodeAll('4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n')).resolves.toBe('abcdef');
  await expect(decodeAll('2\r\nab\r\n4\r\ncdef\r\n0\r\n\r\n')).rejects.toMatchObject({
    code: 'InvalidChunkSizeError',
  });
});

describe('a signed aws-chunked body', () => {
  const text = signedBody(['order 1001,', 'mug,2'], 'x-amz-checksum-crc32:AAAAAA==');

  test('is accepted when each chunk and the trailer continue the signature', async () => {
    const { body, trailers } = await decode(Buffer.from(text), { seed, pieceSize: 7 });
    expect(body.toString()).toBe('order 1001,mug,2');
    expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' });
  });

  test.for([
    { name: 'a changed chunk', tampered: text.replace('mug,2', 'mug,9') },
    { name: 'a changed trailer', tampered: text.replace('AAAAAA==', 'AAAAAQ==') },
    { name: 'a chunk without a signature', tampered: text.replace(/;chunk-signature=[0-9a-f]{64}/, '') },
    {
      name: 'a trailer without a signature',
      tampered: text.replace(/x-amz-trailer-signature:[0-9a-f]{64}\r\n/, ''),
    },
  ])('is refused for $name', async ({ tampered }) => {
    await expect(decode(Buffer.from(tampered), { seed })).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
  });
});
