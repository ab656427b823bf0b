import { expect, test } from 'vitest';
import { machineOf, statesNeeds } from '../../../../local/iam/needs/states.ts';

const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:Order';
const execution = 'arn:aws:states:us-east-1:000000000000:execution:Order:one';
const child = 'arn:aws:states:us-east-1:000000000000:execution:Order/Rows:two';
const mapRun = 'arn:aws:states:us-east-1:000000000000:mapRun:Order/Rows:three';
const tokens: Record<string, string> = { token: execution, 'token of a child': child };
const place = { executionOf: (token: string) => tokens[token] };

test.for([
  { operation: 'StartExecution', input: { stateMachineArn: machine }, resource: machine },
  { operation: 'DescribeStateMachine', input: { stateMachineArn: machine }, resource: machine },
  { operation: 'ListExecutions', input: { stateMachineArn: machine }, resource: machine },
  { operation: 'ListExecutions', input: { mapRunArn: mapRun }, resource: mapRun },
  { operation: 'ListStateMachines', input: {}, resource: '*' },
  { operation: 'DescribeExecution', input: { executionArn: execution }, resource: execution },
  { operation: 'StopExecution', input: { executionArn: execution }, resource: execution },
  { operation: 'GetExecutionHistory', input: { executionArn: execution }, resource: execution },
  { operation: 'RedriveExecution', input: { executionArn: execution }, resource: execution },
  { operation: 'ListMapRuns', input: { executionArn: execution }, resource: execution },
  { operation: 'DescribeMapRun', input: { mapRunArn: mapRun }, resource: mapRun },
  { operation: 'UpdateMapRun', input: { mapRunArn: mapRun }, resource: mapRun },
  { operation: 'SendTaskSuccess', input: { taskToken: 'token' }, resource: machine },
  { operation: 'SendTaskFailure', input: { taskToken: 'token' }, resource: machine },
  { operation: 'SendTaskHeartbeat', input: { taskToken: 'token of a child' }, resource: machine },
])('$operation of $input takes $resource', ({ operation, input, resource }) => {
  expect(statesNeeds(operation, input, place)).toEqual([{ action: `states:${operation}`, resource }]);
});

test('a token of no task takes nothing: the operation itself refuses it', () => {
  expect(statesNeeds('SendTaskSuccess', { taskToken: 'none' }, place)).toEqual([]);
});

test('an execution’s machine is known by its ARN', () => {
  expect(machineOf(execution)).toBe(machine);
});
