/** Where the local cloud pretends to be. */
export type Place = { region: string; accountId: string };

/** `arn:aws:sqs:us-east-1:000000000000:orders`; a text that is an ARN already stays as it is. */
export const arnOf = (
  service: string,
  resource: string,
  { region, accountId }: Place,
  prefix = '',
): string =>
  resource.startsWith('arn:') ? resource : `arn:aws:${service}:${region}:${accountId}:${prefix}${resource}`;

/** What a call that names nothing is decided on: only a grant on everything allows it. */
export const anything = '*';
