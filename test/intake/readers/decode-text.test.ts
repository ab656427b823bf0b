import { describe, expect, test } from 'vitest';
import { decodeMarked, decodeText, misreadMark } from '../../../functions/intake/readers/csv/decode-text.ts';
import { gb18030, utf16be, utf16le } from '../corpus/encodings.ts';

const utf8 = (text: string): Buffer => Buffer.from(text);
const both = (...parts: Buffer[]): Buffer => Buffer.concat(parts);
/** The text with marks made visible. */
const shown = (bytes: Buffer): string => decodeMarked(bytes).replaceAll(misreadMark, '¦');

const text = '订单号,客户名称\r\nPO-1,上海示例贸易有限公司\r\n';

test.for([
  ['UTF-8', utf8(text)],
  ['UTF-8 with a mark', utf8(`\ufeff${text}`)],
  ['GB18030', gb18030(text)],
  ['UTF-16', utf16le(text)],
  ['UTF-16 with a mark', utf16le(`\ufeff${text}`)],
  ['UTF-16 big endian', utf16be(text)],
  ['UTF-16 big endian with a mark', utf16be(`\ufeff${text}`)],
] as const)('%s is read', ([, bytes]) => {
  expect(decodeMarked(bytes)).toBe(text);
});

describe('what is in another encoding than the rest is marked, and read by its own', () => {
  test.for<[string, Buffer, string]>([
    ['UTF-8 in GB18030', both(gb18030(text), utf8('保温杯'), gb18030(',蓝色')), `${text}¦保温杯,蓝色`],
    ['GB18030 in UTF-8', both(utf8(text), gb18030('保温杯'), utf8(',蓝色')), `${text}¦保温杯,蓝色`],
    ['a letter of windows-1252', both(utf8(text), Buffer.from('Café,', 'latin1')), `${text}Caf¦é,`],
    ['a capital of windows-1252', both(utf8(text), Buffer.from('Éclair', 'latin1')), `${text}¦Éclair`],
    ['bytes of no encoding', both(utf8(text), Buffer.from([0xff, 0xff])), `${text}¦\ufffd\ufffd`],
    ['half a character', both(utf8(text), utf8('杯').subarray(0, 2), utf8(',')), `${text}¦\ufffd,`],
  ])('%s', ([, bytes, expected]) => {
    expect(shown(bytes)).toBe(expected);
    expect(decodeText(bytes)).toBe(expected.replaceAll('¦', ''));
  });

  test('characters whose second byte is a letter, and those of four bytes, are no damage', () => {
    for (const name of ['李玥', '玥', '喆', 'Zoë', '堃abc', '示例玥1'])
      expect(decodeMarked(both(gb18030(text), gb18030(name)))).toBe(text + name);
  });
});

test.for([
  ['UTF-7', utf8('+/v8-abc')],
  ['UTF-32', Buffer.from('fffe000041000000', 'hex')],
  ['bytes of which most are of no encoding', Buffer.from([0x61, 0xff, 0xff, 0x2c])],
  ['UTF-16 of halves', both(Buffer.from([0xff, 0xfe]), Buffer.alloc(400, Buffer.from([0x00, 0xd8])))],
] as const)('%s is refused', ([, bytes]) => {
  expect(() => decodeMarked(bytes)).toThrow(expect.objectContaining({ refusal: 'ENCODING_UNREADABLE' }));
});
