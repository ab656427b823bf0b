import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';

type Table = { tag: number; checksum: number; offset: number; packedBytes: number; bytes: number };

const woffSignature = 0x774f4646;
const woffHeaderBytes = 44;
const woffEntryBytes = 20;
const sfntHeaderBytes = 12;
const sfntEntryBytes = 16;
const headTag = Buffer.from('head').readUInt32BE();
/** What all words of a font add up to, by the adjustment that stands in its head table. */
const fontChecksum = 0xb1b0afba;

const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4;

const readTables = (woff: Buffer): Table[] =>
  Array.from({ length: woff.readUInt16BE(12) }, (_, index) => {
    const word = (at: number) => woff.readUInt32BE(woffHeaderBytes + index * woffEntryBytes + at * 4);
    return { tag: word(0), offset: word(1), packedBytes: word(2), bytes: word(3), checksum: word(4) };
  });

const unpack = (woff: Buffer, { offset, packedBytes, bytes }: Table): Buffer => {
  const packed = woff.subarray(offset, offset + packedBytes);
  const data = packedBytes < bytes ? inflateSync(packed, { maxOutputLength: bytes }) : packed;
  if (data.length !== bytes) throw new Error('WOFF table has the wrong length');
  return data;
};

const writeHeader = (ttf: Buffer, flavor: number, tables: number): void => {
  const log = Math.floor(Math.log2(tables));
  const searchRange = 2 ** log * sfntEntryBytes;
  ttf.writeUInt32BE(flavor, 0);
  ttf.writeUInt16BE(tables, 4);
  ttf.writeUInt16BE(searchRange, 6);
  ttf.writeUInt16BE(log, 8);
  ttf.writeUInt16BE(tables * sfntEntryBytes - searchRange, 10);
};

const adjustChecksum = (ttf: Buffer, headOffset: number): void => {
  const at = headOffset + 8;
  ttf.writeUInt32BE(0, at);
  let sum = 0;
  for (let word = 0; word < ttf.length; word += 4) sum = (sum + ttf.readUInt32BE(word)) >>> 0;
  ttf.writeUInt32BE((fontChecksum - sum) >>> 0, at);
};

/**
 * Unpacks a WOFF 1.0 font into the TrueType font inside. PDF libraries can embed just the used glyphs of TrueType; of
 * WOFF they embed the whole font. Throws when the bytes are not WOFF.
 */
export const convertWoffToTtf = (woff: Buffer): Buffer => {
  if (woff.length < woffHeaderBytes || woff.readUInt32BE(0) !== woffSignature)
    throw new Error('not a WOFF font');
  const tables = readTables(woff);
  const directoryBytes = sfntHeaderBytes + tables.length * sfntEntryBytes;
  const ttf = Buffer.alloc(tables.reduce((total, { bytes }) => total + aligned(bytes), directoryBytes));
  writeHeader(ttf, woff.readUInt32BE(4), tables.length);
  let end = directoryBytes;
  let headOffset: number | undefined;
  tables.forEach((table, index) => {
    unpack(woff, table).copy(ttf, end);
    if (table.tag === headTag) headOffset = end;
    [table.tag, table.checksum, end, table.bytes].forEach((word, at) => {
      ttf.writeUInt32BE(word, sfntHeaderBytes + index * sfntEntryBytes + at * 4);
    });
    end += aligned(table.bytes);
  });
  if (headOffset === undefined) throw new Error('font has no head table');
  adjustChecksum(ttf, headOffset);
  return ttf;
};

const fontPackage = dirname(fileURLToPath(import.meta.resolve('@fontsource/noto-sans-sc/package.json')));
const woffFile = join(fontPackage, 'files', 'noto-sans-sc-chinese-simplified-400-normal.woff');

/** The font of invoices: Noto Sans SC as TrueType. */
export const readInvoiceTtf = async (): Promise<Buffer> => convertWoffToTtf(await readFile(woffFile));

/** Writes the font of invoices and its licence (OFL) into the folder of a bundle. */
export const writeInvoiceFont = async (targetDir: string): Promise<void> => {
  await mkdir(targetDir, { recursive: true });
  await writeFile(join(targetDir, 'noto-sans-sc.ttf'), await readInvoiceTtf());
  await copyFile(join(fontPackage, 'LICENSE'), join(targetDir, 'noto-sans-sc-LICENSE.txt'));
};
