import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { existingPartner } from '../partners.ts';
import { Refusal } from '../refusal.ts';
import type { Target } from '../targets.ts';

/** Keys for the bucket that a partner may drop files into, good until they expire. */
export type DropKey = {
  partnerId: string;
  /** `s3://…`, where its files go. */
  folder: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAt: string;
  region: string;
  /** Where S3 answers, on this machine. */
  endpoint?: string;
};

/** Takes on the role that may put files below this one partner's prefix. Throws Refusal. */
export const issueDropKey = async (target: Target, partnerId: string, hours: number): Promise<DropKey> => {
  const { sts, inbox, region } = target;
  const partner = await existingPartner(target, partnerId);
  if (!partner.active) throw new Refusal(`${partnerId} is not active: its files would not be read.`);
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: inbox.dropRoleArn,
      RoleSessionName: partnerId,
      DurationSeconds: hours * 3600,
      Tags: [{ Key: 'partnerId', Value: partnerId }],
    }),
  );
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration)
    throw new Error('STS answered without credentials');
  return {
    partnerId,
    folder: `s3://${inbox.bucketName}/inbox/${partnerId}/`,
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiresAt: given.Expiration.toISOString(),
    region: await region(),
    ...(inbox.endpoint && { endpoint: inbox.endpoint }),
  };
};

/** The keys as lines for a shell, and what to do with them. */
export const dropKeyText = (key: DropKey): string =>
  [
    `export AWS_ACCESS_KEY_ID=${key.accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${key.secretAccessKey}`,
    `export AWS_SESSION_TOKEN=${key.sessionToken}`,
    `export AWS_REGION=${key.region}`,
    ...(key.endpoint ? [`export AWS_ENDPOINT_URL_S3=${key.endpoint}`] : []),
    '',
    `aws s3 cp orders.xlsx ${key.folder}`,
    '',
    `For ${key.partnerId} until ${key.expiresAt}: puts files there and does nothing else. Files in pos/ and sales-form/`,
    'below it count as those channels.',
  ].join('\n');
