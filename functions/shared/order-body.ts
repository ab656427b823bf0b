import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Principal } from '../../domain/permissions.ts';
import type { HttpRequest } from './http-handler.ts';
import { HttpProblem } from './problem.ts';

/** The validation token that a body carries, if any: what it says of the order is no part of the order. */
export const tokenOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'validationToken' in body ? body.validationToken : undefined;

const contentOf = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'validationToken'));
};

/** SHA-256 of the RFC 8785 canonical form: equal for equal content, however it is written and validated or not. */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256')
    .update(canonicalize(contentOf(body)) ?? '')
    .digest('hex');

/**
 * The body of an order with its fingerprint. Throws HttpProblem for what RFC 8785 cannot canonicalise and DynamoDB not
 * store: lone surrogates, numbers beyond a double.
 */
export const readOrderBody = ({ json }: Pick<HttpRequest, 'json'>) => {
  const { value: body, text } = json();
  try {
    return { body, text, fingerprint: fingerprintOf(body) };
  } catch (error) {
    throw new HttpProblem('malformed-json', { detail: error instanceof Error ? error.message : '' });
  }
};

/** Orders are placed and validated by partners, each for itself. */
export const partnerIdOf = (principal: Principal): string => {
  if (principal.kind !== 'partner') throw new HttpProblem('forbidden');
  return principal.partnerId;
};
