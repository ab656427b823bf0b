import type { Registry } from '../assembly/registry.ts';
import type { Activity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import { createGate } from '../calls/gate.ts';
import type { Clock } from '../clock.ts';
import { createAuthorizer } from '../iam/authorizer.ts';
import type { DynamodbPlace } from '../iam/needs/dynamodb.ts';
import { machineOf } from '../iam/needs/states.ts';
import type { AccessKeys } from '../lambda/access-keys.ts';
import type { StateMachineSpec } from '../states/engine.ts';
import type { TaskContext } from '../states/integration.ts';
import { rootMachineArn } from '../states/map-run/arns.ts';
import type { DeclaredApp } from './declared-app.ts';
import { declaredCallers } from './declared-callers.ts';
import { createGuards } from './guards.ts';

export type AccessOptions = {
  app: DeclaredApp;
  registry: Registry;
  keys: AccessKeys;
  /** May do everything. */
  operatorArn: string;
  place: DynamodbPlace;
  clock: Clock;
  calls: CallPort;
  activity: Activity;
  log: (line: string) => void;
};

/** Who may do what: the policies, the gate before them, and the guards at the doors. */
export const createAccess = (options: AccessOptions) => {
  const { app, registry, keys, operatorArn, place, clock, calls, activity, log } = options;
  const callers = declaredCallers(registry, app);
  const authorizer = createAuthorizer({ registry, callers, operatorArn, now: clock.now });
  const gate = createGate({ calls, authorizer, activity, clock, log });
  const identities = app.mail.identities.map(({ name }) => name);
  const guards = createGuards({ keys, gate, clock, region: place.region }, { place, identities });
  return { authorizer, gate, guards };
};

/** As whom a task calls: its machine, unless its state names a role of another's. */
export const taskCaller =
  (machines: readonly StateMachineSpec[]) =>
  ({ executionArn, caller }: TaskContext): string => {
    const arn = rootMachineArn(machineOf(executionArn));
    const roleArn = machines.find((machine) => machine.arn === arn)?.roleArn;
    return caller === roleArn ? arn : caller;
  };
