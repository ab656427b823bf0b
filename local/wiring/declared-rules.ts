import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { RuleSpec, RuleTarget } from '../events/rule.ts';

const retrySchema = z.object({
  MaximumRetryAttempts: z.coerce.number().default(185),
  MaximumEventAgeInSeconds: z.coerce.number().default(86_400),
});
const targetSchema = z.object({
  Id: z.string(),
  Arn: z.string(),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
    .optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  RetryPolicy: retrySchema.optional(),
});
const ruleSchema = z.object({
  EventPattern: z.json().optional(),
  EventBusName: z.string().optional(),
  ScheduleExpression: z.string().optional(),
  State: z.string().default('ENABLED'),
  Targets: z.array(targetSchema).default([]),
});
const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.string().default('ENABLED'),
  Target: targetSchema.omit({ Id: true, InputPath: true, InputTransformer: true }),
});

/** Services that events can be delivered to here. */
const canDeliverTo = (arn: string): boolean => /^arn:aws:(lambda|states|sns|sqs):/.test(arn);

const readTarget = (target: z.infer<typeof targetSchema>): RuleTarget => ({
  id: target.Id,
  arn: target.Arn,
  ...(target.RoleArn !== undefined && { roleArn: target.RoleArn }),
  ...(target.Input !== undefined && { input: target.Input }),
  ...(target.InputPath !== undefined && { inputPath: target.InputPath }),
  ...(target.InputTransformer && {
    inputTransformer: {
      inputPathsMap: target.InputTransformer.InputPathsMap,
      inputTemplate: target.InputTransformer.InputTemplate,
    },
  }),
  ...(target.DeadLetterConfig?.Arn !== undefined && { deadLetterArn: target.DeadLetterConfig.Arn }),
  ...(target.RetryPolicy && {
    retry: {
      maximumAttempts: target.RetryPolicy.MaximumRetryAttempts,
      maximumEventAgeSeconds: target.RetryPolicy.MaximumEventAgeInSeconds,
    },
  }),
});

/** The rules of the templates, and the Scheduler's schedules as rules with one target. */
export const declaredRules = (registry: Registry): { rules: RuleSpec[]; skipped: string[] } => {
  const skipped: string[] = [];
  const keepServed = (targets: RuleTarget[], name: string) =>
    targets.filter(({ arn }) => {
      if (canDeliverTo(arn)) return true;
      skipped.push(`${name}: target ${arn}`);
      return false;
    });
  const rules = registry.ofType('AWS::Events::Rule').map((resource): RuleSpec => {
    const declared = resource.read(ruleSchema);
    const targets = declared.Targets.map(readTarget);
    return {
      name: resource.ref,
      arn: resource.attribute('Arn'),
      ...(declared.EventPattern !== undefined && { eventPattern: declared.EventPattern }),
      ...(declared.ScheduleExpression !== undefined && { scheduleExpression: declared.ScheduleExpression }),
      enabled: declared.State !== 'DISABLED',
      targets: keepServed(targets, `AWS::Events::Rule (${resource.logicalId})`),
    };
  });
  const schedules = registry.ofType('AWS::Scheduler::Schedule').flatMap((resource): RuleSpec[] => {
    const declared = resource.read(scheduleSchema);
    const name = `AWS::Scheduler::Schedule (${resource.logicalId})`;
    if (declared.ScheduleExpression.startsWith('at(')) {
      skipped.push(`${name}: ${declared.ScheduleExpression}`);
      return [];
    }
    if (declared.ScheduleExpressionTimezone !== 'UTC') {
      skipped.push(`${name}: time zone ${declared.ScheduleExpressionTimezone}; it runs in UTC`);
    }
    const target = readTarget({ Id: 'target', Input: '{}', ...declared.Target });
    const rule = {
      name: resource.ref,
      arn: resource.attribute('Arn'),
      scheduleExpression: declared.ScheduleExpression,
      enabled: declared.State !== 'DISABLED',
      targets: keepServed([target], name),
    };
    return [rule];
  });
  return { rules: [...rules, ...schedules], skipped };
};
