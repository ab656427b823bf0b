import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { ReceiptAction, ReceiptRule } from './receipt-rule.ts';

const flag = z.union([z.boolean(), z.stringbool()]);
const topic = { TopicArn: z.string().optional() };
const actionSchema = z
  .object({
    AddHeaderAction: z.object({ HeaderName: z.string(), HeaderValue: z.string() }).optional(),
    BounceAction: z
      .object({
        SmtpReplyCode: z.string(),
        StatusCode: z.string().optional(),
        Message: z.string(),
        Sender: z.string(),
        ...topic,
      })
      .optional(),
    LambdaAction: z
      .object({
        FunctionArn: z.string(),
        InvocationType: z.enum(['Event', 'RequestResponse']).default('Event'),
        ...topic,
      })
      .optional(),
    S3Action: z
      .object({ BucketName: z.string(), ObjectKeyPrefix: z.string().default(''), ...topic })
      .optional(),
    SNSAction: z
      .object({ TopicArn: z.string(), Encoding: z.enum(['UTF-8', 'Base64']).default('UTF-8') })
      .optional(),
    StopAction: z.object({ ...topic }).optional(),
  })
  .catchall(z.unknown());
const ruleSchema = z.object({
  RuleSetName: z.string(),
  After: z.string().optional(),
  Rule: z.object({
    Name: z.string().optional(),
    Enabled: flag.default(false),
    Recipients: z.array(z.string()).default([]),
    ScanEnabled: flag.default(false),
    Actions: z.array(actionSchema).default([]),
  }),
});

/** The action, or the name of one that is not served. */
const readAction = (declared: z.infer<typeof actionSchema>): ReceiptAction | string => {
  const { AddHeaderAction, BounceAction, LambdaAction, S3Action, SNSAction, StopAction } = declared;
  if (S3Action) {
    const { BucketName: bucketName, ObjectKeyPrefix: prefix, TopicArn: topicArn } = S3Action;
    return { kind: 's3', bucketName, prefix, topicArn };
  }
  if (LambdaAction) {
    const { FunctionArn: functionArn, InvocationType: type, TopicArn: topicArn } = LambdaAction;
    return { kind: 'lambda', functionArn, isAwaited: type === 'RequestResponse', topicArn };
  }
  if (SNSAction) return { kind: 'sns', topicArn: SNSAction.TopicArn, encoding: SNSAction.Encoding };
  if (BounceAction) {
    const { SmtpReplyCode, StatusCode, Message, Sender, TopicArn } = BounceAction;
    return {
      kind: 'bounce',
      smtpReplyCode: SmtpReplyCode,
      statusCode: StatusCode,
      message: Message,
      sender: Sender,
      topicArn: TopicArn,
    };
  }
  if (AddHeaderAction) {
    return { kind: 'addHeader', name: AddHeaderAction.HeaderName, value: AddHeaderAction.HeaderValue };
  }
  if (StopAction) return { kind: 'stop', topicArn: StopAction.TopicArn };
  return Object.keys(declared)[0] ?? 'no action';
};

/** A rule stands behind the one it names, otherwise before all that were made earlier. */
const inOrder = <T extends { names: readonly (string | undefined)[]; after: string | undefined }>(
  rules: readonly T[],
): T[] => {
  let ordered: T[] = [];
  let left = [...rules];
  while (left.length > 0) {
    const next = left.find(
      ({ after }) => after === undefined || ordered.some(({ names }) => names.includes(after)),
    );
    if (!next) break;
    left = left.filter((rule) => rule !== next);
    const place =
      next.after === undefined ? 0 : ordered.findIndex(({ names }) => names.includes(next.after)) + 1;
    ordered = ordered.toSpliced(place, 0, next);
  }
  return ordered;
};

/**
 * The receipt rules of the templates, in their order. On AWS one rule set is active, which no template can say:
 * here the first is. `skipped` names what is not served.
 */
export const declaredReceiptRules = (registry: Registry): { rules: ReceiptRule[]; skipped: string[] } => {
  const [active, ...others] = registry.ofType('AWS::SES::ReceiptRuleSet');
  const skipped = others.map(
    ({ logicalId }) => `AWS::SES::ReceiptRuleSet (${logicalId}): not the active one`,
  );
  const declared = registry.ofType('AWS::SES::ReceiptRule').map((resource) => {
    const { RuleSetName: ruleSet, After: after, Rule: rule } = resource.read(ruleSchema);
    return { resource, names: [resource.ref, rule.Name], after, ruleSet, rule };
  });
  const rules = inOrder(declared.filter(({ ruleSet }) => ruleSet === active?.ref)).flatMap(
    ({ resource, rule }) => {
      const actions = rule.Actions.map(readAction);
      for (const action of actions) {
        if (typeof action === 'string')
          skipped.push(`AWS::SES::ReceiptRule (${resource.logicalId}): ${action}`);
      }
      if (!rule.Enabled) return [];
      return [
        {
          name: resource.ref,
          recipients: rule.Recipients,
          isScanning: rule.ScanEnabled,
          actions: actions.filter((action) => typeof action !== 'string'),
        },
      ];
    },
  );
  return { rules, skipped };
};
