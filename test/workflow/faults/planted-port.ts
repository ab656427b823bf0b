import * as z from 'zod';
import type { Call } from '../../../local/calls/call.ts';
import type { Perform } from '../../../local/calls/call-port.ts';
import { createFaultPort, type FaultPort } from '../../../local/calls/fault-port.ts';
import { ServiceError } from '../../../local/http/service-error.ts';

/** A bug of the app, as it would show in its calls. */
export type PlantedBug = <Answer>(call: Call, perform: Perform<Answer>) => Promise<Answer>;

const transactionSchema = z.looseObject({
  TransactItems: z.array(z.record(z.string(), z.looseObject({ TableName: z.string() }).catchall(z.json()))),
});

/** Orders are cancelled, and their stock stays reserved. */
export const stockIsNotReleased: PlantedBug = (call, perform) => {
  if (!call.caller.includes('CancelOrderFunction') || call.action !== 'TransactWriteItems') return perform();
  const { TransactItems } = transactionSchema.parse(call.input);
  const others = TransactItems.filter((item) =>
    Object.values(item).every(({ TableName }) => !TableName.includes('Stock')),
  );
  return perform({ input: { ...call.input, TransactItems: others }, toAnswer: (given) => given });
};

/** Nobody comes by for what was left behind. */
export const nobodySweeps: PlantedBug = async (call, perform) => {
  if (!call.target?.includes('SweepOrders')) return perform();
  throw new ServiceError('ResourceNotFoundException', 'Function not found', 404);
};

/** Carries a call out as the bugs have it, unless a fault alters it. */
const through =
  <Answer>([bug, ...others]: readonly PlantedBug[], call: Call, perform: Perform<Answer>): Perform<Answer> =>
  (alteration) =>
    alteration || !bug ? perform(alteration) : bug(call, through(others, call, perform));

/** A fault port for an app that has these bugs, from its first fault on: what is recorded before is without them. */
export const plantedPort = (bugs: readonly PlantedBug[]): FaultPort => {
  const port = createFaultPort();
  let planted: readonly PlantedBug[] = [];
  return {
    ...port,
    arm: (fault) => {
      planted = bugs;
      port.arm(fault);
    },
    pass: (call, perform, line) => port.pass(call, through(planted, call, perform), line),
  };
};
