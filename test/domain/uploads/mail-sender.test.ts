import { describe, expect, test } from 'vitest';
import {
  isEnvelopeVerified,
  isFromVerified,
  type SenderEvidence,
} from '../../../domain/uploads/mail-sender.ts';

const buyer = 'buyer@mall.example.com';

/** Nothing is known of the sender but what is told. */
const evidence = (changes: Partial<SenderEvidence> = {}): SenderEvidence => ({
  envelopeFrom: 'bounces@elsewhere.example',
  spf: 'none',
  dkim: [],
  dmarc: { result: 'none', domain: 'mall.example.com' },
  ...changes,
});
const dkim = (result: string, domain: string) => ({ dkim: [{ result, domain }] });
const spf = (result: string, envelopeFrom: string) => ({ spf: result, envelopeFrom });
const dmarc = (result: string, domain = 'mall.example.com') => ({ dmarc: { result, domain } });

describe('a mail is its From’s', () => {
  test.for<[why: string, proof: Partial<SenderEvidence>]>([
    ['DMARC passes', dmarc('pass')],
    ['DMARC passes, written in capitals', dmarc('pass', 'Mall.Example.com')],
    ['its domain signed it', dkim('pass', 'mall.example.com')],
    ['a domain above its own signed it', dkim('pass', 'example.com')],
    [
      'one of two signatures holds',
      { dkim: [...dkim('fail', 'x.example').dkim, ...dkim('pass', 'mall.example.com').dkim] },
    ],
    ['its domain may send from there', spf('pass', 'bounces@mall.example.com')],
    [
      'there is no DMARC result at all, but a signature',
      { dmarc: undefined, ...dkim('pass', 'mall.example.com') },
    ],
    [
      'DMARC could not be looked up, but its domain signed it',
      { ...dmarc('temperror'), ...dkim('pass', 'mall.example.com') },
    ],
    ['SPF is in doubt, but DMARC passes', { ...spf('softfail', buyer), ...dmarc('pass') }],
  ])('when %s', ([, proof]) => {
    expect(isFromVerified(buyer, evidence(proof))).toBe(true);
  });

  test.for<[why: string, proof: Partial<SenderEvidence>]>([
    ['nothing is proven', {}],
    ['another domain signed it', dkim('pass', 'elsewhere.example')],
    ['a domain below its own signed it, perhaps a tenant’s', dkim('pass', 'tenant.mall.example.com')],
    ['the signer’s name ends like its own', dkim('pass', 'l.example.com')],
    ['the signer has no name', dkim('pass', '')],
    ['its signature does not hold', dkim('fail', 'mall.example.com')],
    ['another domain may send from there', spf('pass', 'bounces@elsewhere.example')],
    ['the envelope is empty', spf('pass', '')],
    ['DMARC passes for another domain', dmarc('pass', 'elsewhere.example')],
    ['DMARC fails, though a signature holds', { ...dmarc('fail'), ...dkim('pass', 'mall.example.com') }],
    ['SPF fails, though DMARC passes', { ...spf('fail', buyer), ...dmarc('pass') }],
    [
      'it was changed after it was signed, though SPF and DMARC pass',
      { ...dkim('fail', 'mall.example.com'), ...spf('pass', buyer), ...dmarc('pass') },
    ],
    ['SPF is in doubt', spf('softfail', buyer)],
    ['SPF could not be looked up', spf('temperror', buyer)],
  ])('not when %s', ([, proof]) => {
    expect(isFromVerified(buyer, evidence(proof))).toBe(false);
  });
});

test('an envelope is proven by SPF alone, unless the mail is disowned otherwise', () => {
  expect(isEnvelopeVerified(evidence(spf('pass', buyer)))).toBe(true);
  expect(isEnvelopeVerified(evidence(spf('softfail', buyer)))).toBe(false);
  expect(isEnvelopeVerified(evidence({ ...spf('pass', buyer), ...dmarc('fail') }))).toBe(false);
  expect(isEnvelopeVerified(evidence({ ...dmarc('pass'), ...dkim('pass', 'mall.example.com') }))).toBe(false);
});
