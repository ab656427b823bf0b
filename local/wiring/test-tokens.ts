import type { Cognito } from '../cognito/cognito.ts';
import type { DeclaredUserPool } from './declared-user-pools.ts';

/** `tokens` holds a test user's ID token by group. */
export type UserPoolAccess = { issuer: string; tokens: Record<string, string> };

/** Signs in a test user of every group of every pool. */
export const issueTestTokens = async (
  pools: DeclaredUserPool[],
  cognitoUrl: string,
  cognito: Pick<Cognito, 'token'>,
): Promise<Record<string, UserPoolAccess>> => {
  const access: Record<string, UserPoolAccess> = {};
  for (const { id, groups } of pools) {
    const issuer = `${cognitoUrl}/${id}`;
    const tokens: Record<string, string> = {};
    for (const group of groups) tokens[group] = await cognito.token(id, group, issuer);
    access[id] = { issuer, tokens };
  }
  return access;
};
