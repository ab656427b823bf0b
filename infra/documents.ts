import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acceptRisk, logicalIdOf } from './accept-risk.ts';
import type { BusinessFunction } from './business-function.ts';

const expire = (prefix: string, days: number): LifecycleRule => ({ prefix, expiration: Duration.days(days) });

/** Old versions and halves of uploads do not pile up. */
const tidyUp: LifecycleRule = {
  noncurrentVersionExpiration: Duration.days(90),
  abortIncompleteMultipartUploadAfter: Duration.days(1),
};

const mailPrefix = 'mail/';

/** Every version of a file that was dropped, and every mail that brought one, is the original of orders, and kept as long as they are. */
const inboxRules: LifecycleRule[] = [
  { abortIncompleteMultipartUploadAfter: Duration.days(1) },
  {
    prefix: mailPrefix,
    tagFilters: { outcome: 'refused' },
    expiration: Duration.days(90),
    noncurrentVersionExpiration: Duration.days(1),
  },
];

/** What stands under `orders/` is kept: the law asks for invoices years later. */
const documentRules = [tidyUp, expire('uploads/', 30), expire('results/', 90)];

/** The inbox that partners drop files into, and the documents that the desk makes of orders and files. */
export class Documents extends Construct {
  readonly inbox: Bucket;
  readonly bucket: Bucket;
  /** Where mails come into the inbox. */
  readonly mailPrefix = mailPrefix;

  constructor(scope: Construct, id: string, { retain }: { retain: boolean }) {
    super(scope, id);
    const closed = {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      autoDeleteObjects: !retain,
    } satisfies BucketProps;
    const serverAccessLogsBucket = new Bucket(this, 'AccessLogs', {
      ...closed,
      lifecycleRules: [expire('', 90)],
    });
    const kept = { ...closed, versioned: true, serverAccessLogsBucket };
    this.inbox = new Bucket(this, 'Inbox', {
      ...kept,
      serverAccessLogsPrefix: 'inbox/',
      lifecycleRules: inboxRules,
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...kept,
      serverAccessLogsPrefix: 'documents/',
      lifecycleRules: documentRules,
    });
    this.announceArrivals();
  }

  /** Lets a function open the documents whose keys start with the prefix. */
  grantOpen(to: BusinessFunction, prefix: string): void {
    to.setEnvironment('DOCUMENTS_BUCKET', this.bucket.bucketName);
    this.grant(to, this.bucket, prefix, ['s3:GetObject']);
  }

  grantStore(to: BusinessFunction, prefix: string): void {
    to.setEnvironment('DOCUMENTS_BUCKET', this.bucket.bucketName);
    this.grant(to, this.bucket, prefix, ['s3:PutObject']);
  }

  /** Lets a function open the very version of a file that an event spoke of; the event names the bucket. */
  grantOpenInbox(to: BusinessFunction): void {
    this.grant(to, this.inbox, 'inbox/', ['s3:GetObjectVersion']);
  }

  /** A link that a partner uploads with has the rights of the function that signed it. */
  grantStoreInbox(to: BusinessFunction): void {
    to.setEnvironment('INBOX_BUCKET', this.inbox.bucketName);
    this.grant(to, this.inbox, 'inbox/', ['s3:PutObject']);
  }

  /** Lets a function open a mail, mark it, and put its attachments to the files of the partner that sent it. */
  grantTakeMail(to: BusinessFunction): void {
    this.grant(to, this.inbox, mailPrefix, ['s3:GetObjectVersion', 's3:PutObjectVersionTagging']);
    this.grant(to, this.inbox, 'inbox/*/mail/', ['s3:PutObject']);
  }

  /** In CloudFormation's own words: the CDK's way is a custom resource with a function that may do more than this. */
  private announceArrivals(): void {
    const inbox = this.inbox.node.defaultChild;
    if (!CfnBucket.isCfnBucket(inbox)) throw new Error('The inbox is not a bucket.');
    inbox.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  private grant(to: BusinessFunction, bucket: Bucket, prefix: string, actions: string[]): void {
    to.allow(actions, [bucket.arnForObjects(`${prefix}*`)]);
    acceptRisk(
      to,
      `IAM5[Resource::<${logicalIdOf(bucket)}.Arn>/${prefix}*]`,
      'One prefix of one bucket: the rest of a key is an id made at run time.',
    );
  }
}
