import type { AccessNeed } from '../access.ts';

/** What a call of API Gateway's own API takes: its HTTP method on its path. */
export const apigatewayNeeds = (method: string, path: string, region: string): AccessNeed[] => [
  { action: `apigateway:${method}`, resource: `arn:aws:apigateway:${region}::${path}` },
];
