import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addressList,
  headerValue,
  readMessage,
  withoutHeaders,
  writeMessage,
} from '../../../local/ses/header-section.ts';

test('a message put together again is the same, whatever it holds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('\r\n', '\n'), (body, eol) => {
      const raw = Buffer.concat([Buffer.from(`A: 1${eol}B: 2${eol}\tmore${eol}${eol}`), Buffer.from(body)]);
      expect(writeMessage(readMessage(raw)).equals(raw)).toBe(true);
    }),
  );
});

test.for([
  {
    name: 'a folded value',
    raw: 'To: a@example.net,\r\n b@example.net\r\n\r\nx',
    header: 'to',
    value: 'a@example.net, b@example.net',
  },
  { name: 'a name in other case', raw: 'SUBJECT: Hi\r\n\r\nx', header: 'Subject', value: 'Hi' },
  { name: 'an empty value', raw: 'X:\r\n\r\nx', header: 'x', value: '' },
  { name: 'a message without a body', raw: 'X: 1', header: 'x', value: '1' },
  { name: 'what only the body has', raw: 'A: 1\r\n\r\nX: 2', header: 'x', value: undefined },
])('$name is read', ({ raw, header, value }) => {
  expect(headerValue(readMessage(Buffer.from(raw)).headers, header)).toBe(value);
});

test('a header goes with all its lines', () => {
  const message = readMessage(Buffer.from('A: 1\r\nBcc: a@example.net,\r\n b@example.net\r\nB: 2\r\n\r\nx'));
  const kept = { ...message, headers: withoutHeaders(message.headers, ['bcc']) };
  expect(writeMessage(kept).toString()).toBe('A: 1\r\nB: 2\r\n\r\nx');
});

test('addresses are cut at commas, but not within a name', () => {
  expect(addressList('"Doe, Jane" <a@example.net>, b@example.net')).toEqual([
    '"Doe, Jane" <a@example.net>',
    'b@example.net',
  ]);
});
