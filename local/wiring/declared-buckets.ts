import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { BucketSpec } from '../s3/store.ts';

const texts = z.array(z.string());
const encryptionSchema = z.object({
  ServerSideEncryptionConfiguration: z.array(
    z.object({
      BucketKeyEnabled: z.boolean().optional(),
      ServerSideEncryptionByDefault: z
        .object({
          SSEAlgorithm: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']),
          KMSMasterKeyID: z.string().optional(),
        })
        .optional(),
    }),
  ),
});
const corsRuleSchema = z.object({
  AllowedOrigins: texts,
  AllowedMethods: texts,
  AllowedHeaders: texts.default([]),
  ExposedHeaders: texts.default([]),
  MaxAge: z.coerce.number().optional(),
});
const notificationTargetsSchema = z
  .object({ EventBridgeConfiguration: z.unknown().optional() })
  .catchall(z.unknown());
const bucketSchema = z
  .object({
    BucketEncryption: encryptionSchema.optional(),
    CorsConfiguration: z.object({ CorsRules: z.array(corsRuleSchema) }).optional(),
    NotificationConfiguration: notificationTargetsSchema.optional(),
    VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  })
  .catchall(z.unknown());
type DeclaredProperties = z.infer<typeof bucketSchema>;
const notificationsSchema = z.object({
  BucketName: z.string(),
  NotificationConfiguration: notificationTargetsSchema,
});

/** What would make a bucket answer otherwise, and does not here. */
const unserved = ['ObjectLockEnabled', 'ReplicationConfiguration', 'WebsiteConfiguration'];

export type DeclaredBucket = BucketSpec & { logicalId: string };

const readEncryption = ({ BucketEncryption: declared }: DeclaredProperties): BucketSpec['encryption'] => {
  const [rule] = declared?.ServerSideEncryptionConfiguration ?? [];
  const byDefault = rule?.ServerSideEncryptionByDefault;
  if (byDefault === undefined) return undefined;
  const { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId } = byDefault;
  return { algorithm, keyId, isByBucketKey: rule?.BucketKeyEnabled };
};

const readCors = ({ CorsConfiguration: declared }: DeclaredProperties): BucketSpec['cors'] =>
  declared?.CorsRules.map((rule) => ({
    origins: rule.AllowedOrigins,
    methods: rule.AllowedMethods,
    headers: rule.AllowedHeaders,
    exposed: rule.ExposedHeaders,
    maxAgeSeconds: rule.MaxAge,
  }));

/** The buckets of the templates; the CDK's custom resource says which send their events to EventBridge. */
export const declaredBuckets = (registry: Registry): { buckets: DeclaredBucket[]; skipped: string[] } => {
  const notifications = registry.ofType('Custom::S3BucketNotifications').map((resource) => ({
    name: `${resource.type} (${resource.logicalId})`,
    declared: resource.read(notificationsSchema),
  }));
  const declaredBuckets = registry
    .ofType('AWS::S3::Bucket')
    .map((resource) => ({ resource, declared: resource.read(bucketSchema) }));
  const otherTargets = (name: string, targets: z.infer<typeof notificationTargetsSchema> = {}) =>
    Object.keys(targets)
      .filter((target) => target !== 'EventBridgeConfiguration')
      .map((target) => `${name}: ${target}; only EventBridge is served`);
  const skipped = [
    ...notifications.flatMap(({ name, declared }) => otherTargets(name, declared.NotificationConfiguration)),
    ...declaredBuckets.flatMap(({ resource, declared }) => {
      const name = `AWS::S3::Bucket (${resource.logicalId})`;
      const features = unserved.filter(
        (feature) => declared[feature] !== undefined && declared[feature] !== false,
      );
      return [
        ...otherTargets(name, declared.NotificationConfiguration),
        ...features.map((feature) => `${name}: ${feature}`),
      ];
    }),
  ];
  const buckets = declaredBuckets.map(({ resource, declared }) => {
    const own = notifications.filter((one) => one.declared.BucketName === resource.ref);
    const configurations = [
      declared.NotificationConfiguration,
      ...own.map((one) => one.declared.NotificationConfiguration),
    ];
    return {
      logicalId: resource.logicalId,
      name: resource.ref,
      versioning: declared.VersioningConfiguration?.Status,
      eventBridge: configurations.some((one) => one?.EventBridgeConfiguration !== undefined),
      encryption: readEncryption(declared),
      cors: readCors(declared),
    };
  });
  return { buckets, skipped };
};
