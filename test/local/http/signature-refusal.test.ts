import { expect, test } from 'vitest';
import { type Protocol, signatureRefusal } from '../../../local/http/signature-refusal.ts';
import type { Refusal } from '../../../local/http/sigv4.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const scope = { region: 'us-east-1', service: 'dynamodb' };
const refusalOf = (refusal: Omit<Refusal, 'isValid'>, protocol: Protocol) =>
  signatureRefusal({ isValid: false, ...refusal }, { protocol, nowMs, scope });

test.for<[Refusal['failure'], string, string]>([
  ['missing', 'MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
  ['malformed', 'IncompleteSignatureException', 'IncompleteSignature'],
  ['unknown-key', 'UnrecognizedClientException', 'InvalidClientTokenId'],
  ['mismatch', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  ['expired', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  ['stale', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  ['premature', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  ['other-region', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  ['other-service', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
])('a signature that is %s has a name in each protocol', ([failure, json, query]) => {
  expect(refusalOf({ failure }, 'json')).toMatchObject({ code: json, status: 400 });
  expect(refusalOf({ failure }, 'rest-json')).toMatchObject({ code: json, status: 403 });
  expect(refusalOf({ failure }, 'query')).toMatchObject({ code: query, status: 403 });
});

test.for<[Refusal['failure'], string, string]>([
  [
    'stale',
    '20260301T114459Z',
    'Signature expired: 20260301T114459Z is now earlier than 20260301T114500Z (20260301T120000Z - 15 min.)',
  ],
  [
    'premature',
    '20260301T121501Z',
    'Signature not yet current: 20260301T121501Z is still later than 20260301T121500Z (20260301T120000Z + 15 min.)',
  ],
])('one that is %s says by how much', ([failure, amzDate, message]) => {
  expect(refusalOf({ failure, amzDate }, 'json').message).toBe(message);
});
