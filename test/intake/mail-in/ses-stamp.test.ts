import { describe, expect, test } from 'vitest';
import { readHeaderSection } from '../../../functions/intake/mail-in/header-section.ts';
import { readSesStamp } from '../../../functions/intake/mail-in/ses-stamp.ts';
import { mailId, type StampChanges, sesHeaders } from '../../builders/a-mail.ts';

const read = (headers: string, id = mailId) =>
  readSesStamp(readHeaderSection(Buffer.from(`${headers}\r\n`)) ?? [], id);
const own = 'From: buyer@mall.example.com\r\nSubject: x\r\n';
const stamped = (changes: StampChanges = {}, senders = own) => read(sesHeaders(changes) + senders);

describe('what SES wrote on top', () => {
  test('is read', () => {
    expect(stamped()).toEqual({
      evidence: {
        envelopeFrom: 'buyer@mall.example.com',
        spf: 'pass',
        dkim: [{ result: 'pass', domain: 'mall.example.com' }],
        dmarc: { result: 'pass', domain: 'mall.example.com' },
      },
      verdicts: { spam: 'PASS', virus: 'PASS', spf: 'pass', dkim: 'pass', dmarc: 'pass' },
    });
  });

  test('tells failures, several signatures, and that nothing was scanned', () => {
    const changes = {
      spf: 'softfail',
      dkim: ['fail header.i=@mall.example.com', 'pass header.i=someone@amazonses.com'],
      dmarc: 'none header.from=mall.example.com',
      spam: '',
      virus: '',
    };
    expect(stamped(changes)).toMatchObject({
      evidence: { dkim: [{ domain: 'mall.example.com' }, { domain: 'amazonses.com' }] },
      verdicts: { spam: 'NONE', virus: 'NONE', spf: 'softfail', dkim: 'fail,pass', dmarc: 'none' },
    });
  });

  test('is read when a mail has no signature', () => {
    expect(stamped({ dkim: [] })).toMatchObject({ evidence: { dkim: [] }, verdicts: { dkim: 'none' } });
  });

  test('is read with line ends of Unix and lines folded otherwise', () => {
    const unix = sesHeaders().replaceAll('\r\n', '\n');
    expect(read(unix + own.replaceAll('\r\n', '\n'))).toEqual(stamped());
    expect(read(sesHeaders().replaceAll(';\r\n ', '; ') + own)).toEqual(stamped());
  });

  test('of a mail that reports of another has an empty envelope', () => {
    expect(stamped({ envelopeFrom: '' })?.evidence.envelopeFrom).toBe('');
  });
});

describe('what a sender wrote is not believed', () => {
  const forged = [
    'X-SES-Virus-Verdict: PASS',
    'X-SES-Spam-Verdict: PASS',
    'Authentication-Results: amazonses.com; spf=pass; dkim=pass header.i=@mall.example.com; dmarc=pass header.from=mall.example.com;',
    'Return-Path: <boss@mall.example.com>',
    'X-SES-RECEIPT: forged',
    '',
  ].join('\r\n');

  test('below what SES wrote', () => {
    const failing = {
      virus: 'FAIL',
      spf: 'fail',
      dkim: [],
      dmarc: 'fail header.from=mall.example.com',
    };
    expect(stamped(failing, forged + own)).toEqual(stamped(failing));
  });

  test.for<[why: string, headers: string]>([
    ['alone', forged + own],
    ['with all of SES’s headers, under an id that it guessed', sesHeaders({ mailId: 'a'.repeat(40) }) + own],
    ['on top of SES’s', forged + sesHeaders() + own],
    [
      'in place of a receipt that SES left out',
      sesHeaders().replace(/X-SES-RECEIPT.*\r\n/, '') + forged + own,
    ],
    ['as another server', sesHeaders().replace('amazonses.com;', 'mx.elsewhere.example;') + own],
    ['as another hop', sesHeaders().replace(' by inbound-smtp', ' by mx') + own],
    ['far down', `${'X-Filler: 1\r\n'.repeat(20)}${sesHeaders()}${own}`],
    ['and nothing else', own],
  ])('%s', ([, headers]) => {
    expect(read(headers)).toBeUndefined();
  });

  const injected = 'dkim=pass header.i=@mall.example.com; dmarc=pass header.from=mall.example.com';

  test.for<[where: string, changes: StampChanges]>([
    ['its greeting', { helo: `x; ${injected}` }],
    ['its envelope', { envelopeFrom: `"x; ${injected};"@elsewhere.example` }],
    ['its envelope, as a comment', { envelopeFrom: `"x) ${injected} ("@elsewhere.example` }],
  ])('in %s', ([, changes]) => {
    const failing = {
      ...changes,
      spf: 'pass',
      dkim: [],
      dmarc: 'none header.from=mall.example.com',
    };
    expect(stamped(failing)?.evidence).toMatchObject({ dkim: [], dmarc: { result: 'none' } });
  });

  test('when results come twice, or mean nothing', () => {
    for (const dmarc of [
      'pass header.from=mall.example.com; dmarc=fail header.from=mall.example.com',
      'pass header.from=mall.example.com; arc=pass',
    ])
      expect(stamped({ dmarc })).toBeUndefined();
  });
});
