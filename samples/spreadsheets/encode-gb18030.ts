const lead = { from: 0x81, to: 0xfe };
const trail = { from: 0x40, to: 0xfe };
const unusedTrail = 0x7f;

/** Every two-byte character by its code: read off the decoder, since the platform has no encoder. */
const readCodes = (): Map<string, readonly [number, number]> => {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, readonly [number, number]>();
  for (let first = lead.from; first <= lead.to; first++) {
    for (let second = trail.from; second <= trail.to; second++) {
      if (second === unusedTrail) continue;
      const character = decoder.decode(Uint8Array.of(first, second));
      if ([...character].length === 1 && character !== '\ufffd') codes.set(character, [first, second]);
    }
  }
  return codes;
};

/** Text in GB18030, for characters that it writes in one or two bytes. Throws RangeError for any other. */
export const encodeGb18030 = (text: string): Buffer => {
  const codes = readCodes();
  const bytes = [...text].flatMap((character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint < 0x80) return [codePoint];
    const code = codes.get(character);
    if (!code) throw new RangeError(`${character} has no two-byte code in GB18030`);
    return code;
  });
  return Buffer.from(bytes);
};
