import { createHmac, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import { type AuditPart, auditParts, type PartContents } from '../../domain/audit/audit-parts.ts';
import { type Finding, findingCodeSchema } from '../../domain/findings/finding.ts';
import type { Partner } from '../../domain/partner.ts';
import type { Verdict } from './check-order.ts';
import { HttpProblem } from './problem.ts';

/** How long a verdict is held to be the one that an order was validated with. */
export const validationMinutes = 15;

const version = 'v1';
const maxPayloadBytes = 1_000_000;

const payloadSchema = z.strictObject({
  expires: z.int(),
  content: z.string(),
  parts: z.partialRecord(z.enum(auditParts), z.string()),
  findings: z.array(z.tuple([findingCodeSchema, z.string(), z.string()])),
});
type Payload = z.infer<typeof payloadSchema>;

type Digest = (purpose: string, content: unknown) => string;

/**
 * Digests under a key of the partner's own, made of a random text on its profile that no partner sees: nobody can guess
 * the prices and stock behind a digest by trying, nor make a token.
 */
const digestFor = ({ usageKey }: Partner): Digest => {
  if (!usageKey) throw new Error('a partner that calls has a usage key');
  const key = createHmac('sha256', usageKey).update('validation token').digest();
  return (purpose, content) =>
    createHmac('sha256', key)
      .update(`${purpose}\n${canonicalize(content) ?? ''}`)
      .digest('base64url')
      .slice(0, 22);
};

const partDigests = (parts: PartContents, digest: Digest): Payload['parts'] =>
  Object.fromEntries(Object.entries(parts).map(([part, content]) => [part, digest(part, content)]));

/** Six characters tell two findings of one code at one place apart. */
const findingDigest = ({ evidence: _forStaff, ...told }: Finding, digest: Digest): string =>
  digest('finding', told).slice(0, 6);

type About = { partner: Partner; fingerprint: string; now: Date };

/** Says that this content had this verdict now. Holds nothing that the partner was not told: the rest are digests. */
export const writeValidationToken = (
  { findings, parts }: Verdict,
  { partner, fingerprint, now }: About,
): string => {
  const digest = digestFor(partner);
  const payload: Payload = {
    expires: Math.floor(now.getTime() / 1000) + validationMinutes * 60,
    content: fingerprint,
    parts: partDigests(parts, digest),
    findings: findings.map((finding) => [finding.code, finding.pointer, findingDigest(finding, digest)]),
  };
  const packed = deflateRawSync(JSON.stringify(payload)).toString('base64url');
  const signed = [version, partner.partnerId, packed].join('.');
  return `${signed}.${digest('token', signed)}`;
};

/** What is not as it was when the order was validated. */
export type ValidationChange = {
  changed: AuditPart[];
  appeared: Finding[];
  gone: Pick<Finding, 'code' | 'pointer'>[];
};

/** What an order was validated with; `changesTo` is undefined while a verdict has nothing that it did not have then. */
export type Validated = { changesTo: (verdict: Verdict) => ValidationChange | undefined };

const readSigned = (token: string, { partnerId }: Partner, digest: Digest): Payload => {
  const [tokenVersion, owner, packed = '', signature = '', ...rest] = token.split('.');
  if (tokenVersion !== version || owner === undefined || rest.length > 0)
    throw new HttpProblem('validation-token-invalid');
  if (owner !== partnerId) throw new HttpProblem('validation-token-foreign');
  const expected = Buffer.from(digest('token', [version, owner, packed].join('.')));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new HttpProblem('validation-token-invalid');
  const text = inflateRawSync(Buffer.from(packed, 'base64url'), { maxOutputLength: maxPayloadBytes });
  return payloadSchema.parse(JSON.parse(text.toString()));
};

const changes = (earlier: Payload, { findings, parts, otherwise }: Verdict, digest: Digest) => {
  const then = new Set(earlier.findings.map((mark) => mark.join(' ')));
  const marks = findings.map((finding) =>
    [finding.code, finding.pointer, findingDigest(finding, digest)].join(' '),
  );
  const appeared = findings.filter((_finding, index) => !then.has(marks[index] ?? ''));
  if (appeared.length === 0) return undefined;
  const now = new Set(marks);
  const current = partDigests(parts, digest);
  const changed = auditParts.filter(
    (part) => current[part] !== undefined && current[part] !== earlier.parts[part],
  );
  return {
    changed: changed.length > 0 ? changed : [otherwise],
    appeared,
    gone: earlier.findings
      .filter((mark) => !now.has(mark.join(' ')))
      .map(([code, pointer]) => ({ code, pointer })),
  };
};

/** What a token stands for. Throws HttpProblem when it is not ours, not this partner's, too old, or about another content. */
export const readValidationToken = (token: string, { partner, fingerprint, now }: About): Validated => {
  const digest = digestFor(partner);
  const payload = readSigned(token, partner, digest);
  if (now.getTime() >= payload.expires * 1000) throw new HttpProblem('validation-token-expired');
  if (payload.content !== fingerprint) throw new HttpProblem('validation-token-mismatch');
  return { changesTo: (verdict) => changes(payload, verdict, digest) };
};
