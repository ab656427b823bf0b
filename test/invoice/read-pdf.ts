import { inflateSync } from 'node:zlib';

/** Streams of a PDF that pdfkit wrote, unpacked. */
const streamsOf = (pdf: Buffer): string[] => {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/\/Length (\d+)[^>]*>>\s*stream\n/g)].map((match) => {
    const start = match.index + match[0].length;
    const packed = pdf.subarray(start, start + Number(match[1]));
    return (match[0].includes('FlateDecode') ? inflateSync(packed) : packed).toString('latin1');
  });
};

const utf16 = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');

/** What each glyph code of the document's font means. */
const charactersOf = (streams: readonly string[]): Map<number, string> => {
  const cmap = streams.find((stream) => stream.includes('beginbfrange')) ?? '';
  const characters = new Map<number, string>();
  for (const [, first = '', texts = ''] of cmap.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g)) {
    [...texts.matchAll(/<([0-9a-f ]+)>/g)].forEach(([, hex = ''], index) => {
      characters.set(Number.parseInt(first, 16) + index, utf16(hex.replaceAll(' ', '')));
    });
  }
  return characters;
};

/** The texts of each page in the order they were painted, without spaces between glyphs being guessed. */
export const readPages = (pdf: Buffer): string[] => {
  const streams = streamsOf(pdf);
  const characters = charactersOf(streams);
  return streams
    .filter((stream) => stream.includes(' TJ'))
    .map((stream) =>
      [...stream.matchAll(/\[([^\]]*)\] TJ/g)]
        .map(([, run = '']) =>
          [...run.matchAll(/<([0-9a-f]+)>/g)]
            .flatMap(([, codes = '']) => codes.match(/.{4}/g) ?? [])
            .map((code) => characters.get(Number.parseInt(code, 16)) ?? '?')
            .join(''),
        )
        .join('\n'),
    );
};
