import type { Context } from './access.ts';

/** The values of a condition key, asked for in lower case; undefined where the request does not have it. */
export type RequestKeys = (key: string) => readonly string[] | undefined;

/** Keys in lower case. */
export type FixedKeys = ReadonlyMap<string, readonly string[]>;

const serviceKeys = [
  'dynamodb:EnclosingOperation',
  'dynamodb:LeadingKeys',
  'events:detail-type',
  'events:source',
  'lambda:SourceFunctionArn',
  's3:delimiter',
  's3:max-keys',
  's3:prefix',
  's3:TlsVersion',
  's3:VersionId',
  'ses:FromAddress',
  'ses:Recipients',
];
const globalKeys = [
  'aws:CurrentTime',
  'aws:EpochTime',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:PrincipalIsAWSService',
  'aws:PrincipalServiceName',
  'aws:PrincipalType',
  'aws:ResourceAccount',
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:TagKeys',
  'aws:userid',
  'aws:ViaAWSService',
];
const known = new Set([...serviceKeys, ...globalKeys].map((key) => key.toLowerCase()));

/** Of the tags of a session, and of one that is asked for. */
const tagKey = /^aws:(PrincipalTag|RequestTag)\/./i;

/** Whether requests here carry the key where they would on AWS. */
export const isKnownKey = (key: string): boolean => known.has(key.toLowerCase()) || tagKey.test(key);

/** A record as fixed keys. */
export const fixedKeys = (values: Record<string, string>): FixedKeys =>
  new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), [value]]));

/** What a request says of itself, before what is always so of its caller. */
export const requestKeys = (context: Context | undefined, caller: FixedKeys, nowMs: number): RequestKeys => {
  const own = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(context ?? {})) {
    own.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return (key) => {
    if (key === 'aws:currenttime') return [new Date(nowMs).toISOString()];
    if (key === 'aws:epochtime') return [String(Math.floor(nowMs / 1000))];
    return own.get(key) ?? caller.get(key);
  };
};
