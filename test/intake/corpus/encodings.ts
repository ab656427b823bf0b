const decoder = new TextDecoder('gb18030');

const remember = (codes: Map<string, Buffer>, bytes: number[]): void => {
  const text = decoder.decode(Uint8Array.from(bytes));
  if (text.length === 1 && text !== '\ufffd' && !codes.has(text)) codes.set(text, Buffer.from(bytes));
};

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The bytes of every character of the basic plane in GB18030, which the platform can only decode. */
const allCharacters = (): Map<string, Buffer> => {
  const codes = new Map<string, Buffer>();
  for (const high of range(0x81, 0xfe))
    for (const low of range(0x40, 0xfe)) if (low !== 0x7f) remember(codes, [high, low]);
  for (const first of range(0x81, 0x84))
    for (const second of range(0x30, 0x39))
      for (const third of range(0x81, 0xfe))
        for (const fourth of range(0x30, 0x39)) remember(codes, [first, second, third, fourth]);
  return codes;
};

let known: Map<string, Buffer> | undefined;

/** Text in GB18030, as Chinese Excel saves CSV. */
export const gb18030 = (text: string): Buffer => {
  known ??= allCharacters();
  return Buffer.concat(
    [...text].map((character) => {
      const bytes = character < '\u0080' ? Buffer.from(character) : known?.get(character);
      if (!bytes) throw new RangeError(`${character} is not of the basic plane`);
      return bytes;
    }),
  );
};

export const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
export const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** UTF-8 that a western program has read as its own encoding: 张 becomes å¼ . */
export const misreadAsWestern = (text: string): string =>
  new TextDecoder('windows-1252').decode(Buffer.from(text));
