import { expect, test } from 'vitest';
import { createRegistry } from '../../../local/assembly/registry.ts';
import { declaredCallers } from '../../../local/wiring/declared-callers.ts';
import { declaredRules } from '../../../local/wiring/declared-rules.ts';
import { declaredStateMachines } from '../../../local/wiring/declared-state-machines.ts';

const Resources = {
  Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
  Clerk: {
    Type: 'AWS::Lambda::Function',
    Properties: { Runtime: 'nodejs24.x', Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Code: { ZipFile: '' } },
  },
  Deployer: {
    Type: 'AWS::Lambda::Function',
    Properties: { Runtime: 'python3.13', Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Code: { ZipFile: '' } },
  },
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { DefinitionString: '{}', RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  },
  Nightly: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(1 day)',
      Targets: [{ Id: 'm', Arn: { Ref: 'Machine' }, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } }],
    },
  },
  Hourly: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(1 hour)',
      Targets: [{ Id: 'f', Arn: { 'Fn::GetAtt': ['Clerk', 'Arn'] } }],
    },
  },
};

test('the app’s functions, machines and rules act by their roles; what has none is no session', () => {
  const template = { Resources, Parameters: {}, Mappings: {}, Conditions: {}, Outputs: {} };
  const registry = createRegistry({
    assembly: { stacks: [{ name: 'Shop', template }], assets: new Map() },
    place: { region: 'us-east-1', accountId: '000000000000', sqsUrl: '', cognitoUrl: '' },
  });
  const clerk = registry.ofType('AWS::Lambda::Function').find(({ logicalId }) => logicalId === 'Clerk');
  const spec = {
    name: clerk?.ref ?? '',
    arn: clerk?.attribute('Arn') ?? '',
    codeDir: '',
    handler: 'index.handler',
    environment: {},
    timeoutMs: 3_000,
    memoryMb: 128,
    maxRetryAttempts: 2,
    maxEventAgeMs: 0,
  };
  const { machines } = declaredStateMachines(registry);
  const { rules } = declaredRules(registry);
  const roleArn = registry.ofType('AWS::IAM::Role')[0]?.attribute('Arn');
  const prefix = (service: string) => `arn:aws:${service}:us-east-1:000000000000`;
  expect([...declaredCallers(registry, { functions: [spec], machines, rules })]).toEqual([
    [`${prefix('lambda')}:function:Shop-Clerk`, { roleArn, sessionName: 'Shop-Clerk' }],
    [`${prefix('states')}:stateMachine:Shop-Machine`, { roleArn, sessionName: 'Shop-Machine' }],
    [`${prefix('events')}:rule/Shop-Nightly`, { roleArn, sessionName: 'Shop-Nightly' }],
  ]);
});
