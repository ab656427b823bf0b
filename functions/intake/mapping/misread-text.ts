/** What the bytes 0x80 to 0x9f are in windows-1252; the others are their own code points. */
const westernBytes = new Map(
  [...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))].map(
    (character, byte) => [character, byte] as const,
  ),
);

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** The beginning of UTF-8 that was read as a western encoding: å¼ for 张. */
const looksMisread = /[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]/;

const asUtf8 = (text: string): string | undefined => {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = westernBytes.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  try {
    return strictUtf8.decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
};

/** How a text is spoilt that was decoded by the wrong encoding before it was sent, with what it probably was. */
export type Misreading = { meant?: string };

/** Tells text that another program has already decoded wrongly; undefined for text that is as it should be. */
export const misreadingOf = (text: string): Misreading | undefined => {
  if (text.includes('\ufffd') || text.includes('锟斤拷')) return {};
  if (!looksMisread.test(text)) return undefined;
  const meant = asUtf8(text);
  return meant === undefined ? undefined : { meant };
};
