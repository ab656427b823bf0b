import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip, wrong in any way that a good writer would not allow. */
export type RawEntry = {
  name: string;
  content: Buffer | string;
  crc?: number;
  method?: number;
  flags?: number;
  declaredSize?: number;
  /** The entry whose bytes this one points at, instead of bytes of its own. */
  bytesOf?: number;
};

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

/** Writes what it is told to write. `end` changes the last record, which says where the directory is. */
export const rawZip = (entries: readonly RawEntry[], end = (record: Buffer): Buffer => record): Buffer => {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  const written: { at: number; data: Buffer }[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content);
    const { crc = crc32(content), method = 8, flags = 0, declaredSize = content.length } = entry;
    const shared = entry.bytesOf === undefined ? undefined : written[entry.bytesOf];
    const data = shared?.data ?? (method === 8 ? deflateRawSync(content) : content);
    const name = Buffer.from(entry.name);
    const sizes = [u32(crc), u32(data.length), u32(declaredSize), u16(name.length), u16(0)];
    const start = [u16(20), u16(flags), u16(method), u16(0), u16(0), ...sizes];
    const at = shared?.at ?? offset;
    if (!shared) {
      const file = Buffer.concat([u32(0x04034b50), ...start, name, data]);
      files.push(file);
      offset += file.length;
    }
    written.push({ at, data });
    const rest = [u16(0), u16(0), u16(0), u32(0), u32(at)];
    directory.push(Buffer.concat([u32(0x02014b50), u16(20), ...start, ...rest, name]));
  }
  const listed = Buffer.concat(directory);
  const counts = [u16(0), u16(0), u16(entries.length), u16(entries.length)];
  const record = Buffer.concat([u32(0x06054b50), ...counts, u32(listed.length), u32(offset), u16(0)]);
  return Buffer.concat([...files, listed, end(record)]);
};
