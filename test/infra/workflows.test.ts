import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  aStack,
  functionResource,
  orderSteps,
  pascalCase,
  resource,
  stateMachinesFolder,
  uploadSteps,
} from './a-stack.ts';

const { template } = aStack();

const machines = [
  { part: 'Orders', file: 'order.asl.json', steps: orderSteps },
  { part: 'Uploads', file: 'upload.asl.json', steps: uploadSteps },
];

describe.for(machines)('$file', ({ part, file, steps }) => {
  const machine = resource(template, 'AWS::StepFunctions::StateMachine', part);

  test('is read as it was written by hand, with the ARN of each step put in', () => {
    expect(machine.DefinitionS3Location.Key).toMatch(/\.json$/);
    const arns = steps.map((name) => [
      pascalCase(name),
      { 'Fn::GetAtt': [functionResource(template, name).id, 'Arn'] },
    ]);
    expect(machine.DefinitionSubstitutions).toEqual(Object.fromEntries(arns));
  });

  test('names exactly the steps that the stack has', () => {
    const path = join(stateMachinesFolder, file);
    expect(existsSync(path)).toBe(true);
    const named = new Set([...readFileSync(path, 'utf8').matchAll(/"\$\{(\w+)\}"/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual(steps.map(pascalCase).sort());
  });

  test('runs Standard, and logs errors without what the execution is about', () => {
    expect(machine.StateMachineType ?? 'STANDARD').toBe('STANDARD');
    expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ERROR', IncludeExecutionData: false });
    const logGroup =
      machine.LoggingConfiguration.Destinations[0].CloudWatchLogsLogGroup.LogGroupArn['Fn::GetAtt'][0];
    expect(resource(template, 'AWS::Logs::LogGroup', logGroup)).toMatchObject({
      LogGroupName: expect.stringMatching(/^\/aws\/vendedlogs\/states\/Rudan-/),
      RetentionInDays: 90,
    });
  });

  test.for(['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted', 'ExecutionThrottled'])(
    'rings an alarm on %s',
    (metric) => {
      const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).filter(
        ({ Properties }) =>
          Properties.MetricName === metric && Properties.Dimensions[0].Value.Ref === machine.id,
      );
      expect(alarms).toHaveLength(1);
    },
  );
});

describe('a definition that the stack cannot serve stops the synthesis', () => {
  const withMachine = (text: string) => (folder: string) =>
    writeFileSync(join(folder, 'statemachines/upload.asl.json'), text);
  const four = uploadSteps.map((name) => `\${${pascalCase(name)}}`).join(' ');

  test('when it asks for a step that is missing', () => {
    const prepare = withMachine(`${four} \${SendFax}`);
    expect(() => aStack({ prepare })).toThrow(/asks for steps that the stack lacks: SendFax/);
  });

  test('when it never takes a step', () => {
    const prepare = withMachine(four.replace('FailUpload', 'ReadUpload'));
    expect(() => aStack({ prepare })).toThrow(/never takes these steps of the stack: FailUpload/);
  });
});

describe('a file that arrives in the inbox', () => {
  const rule = resource(template, 'AWS::Events::Rule', 'FileArrived');
  const [target] = rule.Targets;

  test('is seen by its bucket and prefix', () => {
    expect(rule.EventPattern).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: {
        bucket: { name: [{ Ref: resource(template, 'AWS::S3::Bucket', 'DocumentsInbox').id }] },
        object: { key: [{ prefix: 'inbox/' }] },
      },
    });
  });

  test('starts the upload machine with bucket, key, version and size', () => {
    expect(target.Arn).toEqual({ Ref: resource(template, 'AWS::StepFunctions::StateMachine', 'Uploads').id });
    const paths: Record<string, string> = target.InputTransformer.InputPathsMap;
    const input = Object.entries(paths).reduce(
      (text, [name, path]) => text.replace(`<${name}>`, JSON.stringify(path)),
      String(target.InputTransformer.InputTemplate),
    );
    expect(JSON.parse(input)).toEqual({
      bucket: '$.detail.bucket.name',
      key: '$.detail.object.key',
      versionId: '$.detail.object.version-id',
      size: '$.detail.object.size',
    });
  });

  test('is tried for a day, then kept where an alarm tells of it', () => {
    const { id } = resource(template, 'AWS::SQS::Queue', 'UnreadFiles');
    expect(target.RetryPolicy).toEqual({ MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 });
    expect(target.DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [id, 'Arn'] } });
  });
});
