import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { BucketSpec } from '../s3/store.ts';

const bucketSchema = z.object({
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  NotificationConfiguration: z
    .object({ EventBridgeConfiguration: z.unknown().optional() })
    .catchall(z.unknown())
    .optional(),
});
const notificationsSchema = z.object({
  BucketName: z.string(),
  NotificationConfiguration: z
    .object({ EventBridgeConfiguration: z.unknown().optional() })
    .catchall(z.unknown()),
});

export type DeclaredBucket = BucketSpec & { logicalId: string };

/** The buckets of the templates; the CDK's custom resource says which send their events to EventBridge. */
export const declaredBuckets = (registry: Registry): { buckets: DeclaredBucket[]; skipped: string[] } => {
  const notifications = registry.ofType('Custom::S3BucketNotifications').map((resource) => ({
    logicalId: resource.logicalId,
    declared: resource.read(notificationsSchema),
  }));
  const skipped = notifications.flatMap(({ logicalId, declared: { NotificationConfiguration: targets } }) =>
    Object.keys(targets)
      .filter((target) => target !== 'EventBridgeConfiguration')
      .map((target) => `Custom::S3BucketNotifications (${logicalId}): ${target}; only EventBridge is served`),
  );
  const buckets = registry.ofType('AWS::S3::Bucket').map((resource) => {
    const declared = resource.read(bucketSchema);
    const own = notifications.filter((one) => one.declared.BucketName === resource.ref);
    const configurations = [
      declared.NotificationConfiguration,
      ...own.map((one) => one.declared.NotificationConfiguration),
    ];
    return {
      logicalId: resource.logicalId,
      name: resource.ref,
      versioned: declared.VersioningConfiguration?.Status === 'Enabled',
      eventBridge: configurations.some((one) => one?.EventBridgeConfiguration !== undefined),
    };
  });
  return { buckets, skipped };
};
