export type TaskResource =
  | { kind: 'lambda'; functionArn: string }
  | {
      kind: 'service';
      /** The key of the integration: the ARN without its pattern's suffix. */
      integration: string;
      pattern: 'requestResponse' | 'waitForTaskToken' | 'sync' | 'sync:2';
      /** As the history names it, such as `sendMessage.waitForTaskToken`. */
      resource: string;
      /** As the history names it, such as `sqs` or `aws-sdk:s3`. */
      resourceType: string;
    };

export const lambdaIntegration = 'arn:aws:states:::lambda:invoke';

const lambdaArn = /^arn:aws[\w-]*:lambda:[^:]*:[^:]*:function:.+$/;
const serviceArn =
  /^(arn:aws[\w-]*:states:[^:]*:[^:]*:((?:aws-sdk:)?[\w-]+):(\w+))(?:\.(waitForTaskToken|sync:2|sync))?$/;

const patterns = { waitForTaskToken: 'waitForTaskToken', sync: 'sync', 'sync:2': 'sync:2' } as const;
const isPattern = (suffix: string): suffix is keyof typeof patterns => suffix in patterns;

/** Reads a Task's Resource; undefined if it is neither a function nor a service integration. */
export const parseResource = (resource: string): TaskResource | undefined => {
  if (lambdaArn.test(resource)) return { kind: 'lambda', functionArn: resource };
  const match = serviceArn.exec(resource);
  const [, integration, resourceType, action, suffix] = match ?? [];
  if (integration === undefined || resourceType === undefined || action === undefined) return undefined;
  return {
    kind: 'service',
    integration,
    resourceType,
    pattern: suffix !== undefined && isPattern(suffix) ? suffix : 'requestResponse',
    resource: suffix === undefined ? action : `${action}.${suffix}`,
  };
};
