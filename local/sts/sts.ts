import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { awsQueryHandler, type QueryOperation } from '../http/aws-query.ts';
import type { Guard } from '../http/guard.ts';
import type { HttpHandler } from '../http/serve.ts';
import { ServiceError } from '../http/service-error.ts';
import type { AssumedRole, Authorizer } from '../iam/access.ts';
import type { AccessKeys } from '../lambda/access-keys.ts';

export type Sts = { handler: HttpHandler; close(): Promise<void> };

export type StsOptions = {
  clock: Clock;
  accountId: string;
  authorizer: Pick<Authorizer, 'assumeRole'>;
  keys: Pick<AccessKeys, 'openSession'>;
  guard?: Guard<URLSearchParams> | undefined;
};

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const shortestSeconds = 900;
const longestSeconds = 12 * 3600;
const mostTags = 50;

const invalid = (message: string) => new ServiceError('ValidationError', message);

const durationOf = (form: URLSearchParams): number => {
  const seconds = Number(form.get('DurationSeconds') ?? 3600);
  if (Number.isInteger(seconds) && seconds >= shortestSeconds && seconds <= longestSeconds) return seconds;
  throw invalid(`DurationSeconds must be between ${shortestSeconds} and ${longestSeconds}.`);
};

const tagsOf = (form: URLSearchParams): Record<string, string> => {
  const tags: Record<string, string> = {};
  for (let number = 1; ; number++) {
    const name = form.get(`Tags.member.${number}.Key`);
    if (name === null) return tags;
    const value = form.get(`Tags.member.${number}.Value`) ?? '';
    const isFit = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(name) && value.length <= 256;
    if (!isFit || Object.hasOwn(tags, name) || number > mostTags)
      throw invalid(`The tag ${name} is not valid, or one too many.`);
    tags[name] = value;
  }
};

/** What would narrow or mark a session: left out in silence, it would have more rights here than on AWS. */
const unsupported = [
  'Policy',
  'PolicyArns',
  'ProvidedContexts',
  'SourceIdentity',
  'TransitiveTagKeys',
  'SerialNumber',
];

const refuseUnsupported = (form: URLSearchParams): void => {
  const given = unsupported.find((name) => [...form.keys()].some((key) => key.split('.')[0] === name));
  if (given) throw invalid(`${given} is not supported here.`);
};

const sessionNameOf = (form: URLSearchParams): string => {
  const name = form.get('RoleSessionName') ?? '';
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw invalid('RoleSessionName is not valid.');
  return name;
};

/** STS: roles of the templates taken on for a time, with tags. Its keys end with their session, and with the cloud. */
export const createSts = ({ clock, accountId, authorizer, keys, guard }: StsOptions): Sts => {
  const expiries = new Set<() => void>();
  const sessions = new Map<string, AssumedRole>();

  const assumeRole: QueryOperation = async (form, caller) => {
    refuseUnsupported(form);
    const roleArn = form.get('RoleArn') ?? '';
    const seconds = durationOf(form);
    const request = { sessionName: sessionNameOf(form), tags: tagsOf(form) };
    const assumed = authorizer.assumeRole(caller, roleArn, request);
    const { accessKeyId, secretAccessKey, end } = keys.openSession(assumed.caller);
    sessions.set(assumed.caller, assumed);
    const expiresAt = clock.now() + seconds * 1000;
    const cancel = clock.setTimer(expiresAt, () => {
      end();
      sessions.delete(assumed.caller);
      expiries.delete(cancel);
    });
    expiries.add(cancel);
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: randomBytes(96).toString('base64'),
        Expiration: new Date(expiresAt).toISOString(),
      },
      AssumedRoleUser: { AssumedRoleId: assumed.userId, Arn: assumed.arn },
    };
  };

  const getCallerIdentity: QueryOperation = async (_form, caller) => {
    const session = sessions.get(caller);
    return { Arn: session?.arn ?? caller, UserId: session?.userId ?? caller, Account: accountId };
  };

  return {
    handler: awsQueryHandler(
      { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity },
      namespace,
      guard,
    ),
    async close() {
      for (const cancel of expiries) cancel();
    },
  };
};
