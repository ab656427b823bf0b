import type { Gate } from '../calls/gate.ts';
import type { StreamingRequest } from '../http/serve.ts';
import { AccessDenied, type AccessNeed } from '../iam/access.ts';
import { type S3Request as NamedInRequest, s3Needs } from '../iam/needs/s3.ts';
import type { AccessKeys } from '../lambda/access-keys.ts';
import { S3Error } from './s3-error.ts';

/** Throws AccessDenied unless the caller may do this too. */
export type Check = (needs: readonly AccessNeed[]) => void;

type Asked = {
  /** Proven by the signature. */
  accessKeyId: string;
  /** The operation by its name in S3's API. */
  action: string;
  named: NamedInRequest;
  headers: Record<string, string>;
};

/** Carries a request out if its signer may. */
export type Admit = <Answer>(
  request: Pick<StreamingRequest, 'hungUp'>,
  asked: Asked,
  perform: (check: Check) => Promise<Answer>,
) => Promise<Answer>;

/** Asks nobody anything. */
export const admitAll: Admit = (_request, _asked, perform) => perform(() => {});

const inputOf = ({ named, headers }: Asked) => ({
  Bucket: named.bucket,
  ...(named.key !== undefined && { Key: named.key }),
  ...(named.versionId !== undefined && { VersionId: named.versionId }),
  ...(headers['if-match'] !== undefined && { IfMatch: headers['if-match'] }),
  ...(headers['if-none-match'] !== undefined && { IfNoneMatch: headers['if-none-match'] }),
});

const asS3Error = (error: unknown): never => {
  throw error instanceof AccessDenied ? new S3Error('AccessDenied', { message: error.message }) : error;
};

export const createAdmission =
  ({ gate, callerOf }: { gate: Gate; callerOf: AccessKeys['callerOf'] }): Admit =>
  (request, asked, perform) => {
    const { accessKeyId, action, named } = asked;
    const caller = callerOf(accessKeyId);
    if (caller === undefined) throw new S3Error('InvalidAccessKeyId');
    const call = { caller, service: 's3' as const, action, input: inputOf(asked) };
    const check: Check = (needs) => {
      try {
        gate.check(call, needs);
      } catch (error) {
        asS3Error(error);
      }
    };
    const needs = () => s3Needs(action, named);
    return gate.pass(call, needs, () => perform(check), request.hungUp).catch(asS3Error);
  };
