import type { PrincipalElement } from './policy-document.ts';
import type { FixedKeys } from './request-keys.ts';

/** Who asks: a session of a role, or an AWS service for one of the app's resources. */
export type Principal = {
  /** As refusals name it. */
  name: string;
  /** What policies may name it by; none for a service. */
  arns: readonly string[];
  accountId: string;
  /** `events.amazonaws.com`; undefined for a session. */
  service: string | undefined;
  /** What conditions can ask of it. */
  keys: FixedKeys;
};

/** Whether a policy's principal element names the one who asks. */
export const isNamed = (element: PrincipalElement, asking: Principal, effect: 'Allow' | 'Deny'): boolean => {
  if (element === undefined) return false;
  if (element === '*' || element.AWS?.includes('*')) return true;
  const { arns, accountId, service } = asking;
  if (service !== undefined) return element.Service?.includes(service) ?? false;
  if (element.AWS?.some((arn) => arns.includes(arn))) return true;
  // Allowing the account only lets its identity policies allow; denying it denies everyone in it.
  const account = [accountId, `arn:aws:iam::${accountId}:root`];
  return effect === 'Deny' && (element.AWS?.some((arn) => account.includes(arn)) ?? false);
};
