import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allFunctions, aStack, functionResource, pascalCase, resource } from './a-stack.ts';

const { template } = aStack();

test('there are no functions but those of the design', () => {
  template.resourceCountIs('AWS::Lambda::Function', allFunctions.length);
});

describe.for(allFunctions)('%s', (name) => {
  const { id, ...properties } = functionResource(template, name);

  test('runs its own bundle on the newest Node with bounded time and memory', () => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Architectures: ['arm64'],
    });
    expect(properties.Timeout).toBeLessThanOrEqual(240);
    expect(properties.MemorySize).toBeGreaterThanOrEqual(512);
  });

  test('has a role that no other function has, without managed policies', () => {
    const role = properties.Role['Fn::GetAtt'][0];
    const users = Object.values(template.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.Role['Fn::GetAtt'][0] === role,
    );
    expect(users).toHaveLength(1);
    expect(resource(template, 'AWS::IAM::Role', role).ManagedPolicyArns).toBeUndefined();
  });

  test('logs JSON that is forgotten after three months', () => {
    expect(properties.LoggingConfig.LogFormat).toBe('JSON');
    const logGroup = resource(template, 'AWS::Logs::LogGroup', properties.LoggingConfig.LogGroup.Ref);
    expect(logGroup.RetentionInDays).toBe(90);
  });

  test('has an alarm that says who is hurt, and tells the operators', () => {
    const alarm = resource(template, 'AWS::CloudWatch::Alarm', `${pascalCase(name)}Fails`);
    expect(alarm).toMatchObject({
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
      AlarmDescription: expect.stringMatching(/^[A-Z].{30,}\.$/),
      AlarmActions: [{ Ref: resource(template, 'AWS::SNS::Topic', 'Alarms').id }],
    });
  });
});

test('no two functions hurt the same people in the same words', () => {
  const texts = allFunctions.map(
    (name) => resource(template, 'AWS::CloudWatch::Alarm', `${pascalCase(name)}Fails`).AlarmDescription,
  );
  expect(new Set(texts).size).toBe(texts.length);
});

test('reading spreadsheets cannot take the concurrency that orders need', () => {
  expect(functionResource(template, 'read-upload').ReservedConcurrentExecutions).toBe(5);
  const { template: small } = aStack({ context: { uploadConcurrency: '0' } });
  expect(functionResource(small, 'read-upload').ReservedConcurrentExecutions).toBeUndefined();
});

test('a function without a bundle stops the synthesis with advice', () => {
  const withoutBundle = (folder: string) => rmSync(join(folder, 'dist/send-mail/index.mjs'));
  expect(() => aStack({ prepare: withoutBundle })).toThrow(
    /send-mail\/index\.mjs is missing: run `npm run build` first/,
  );
});
