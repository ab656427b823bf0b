import { expect, test } from 'vitest';
import { createActivity } from '../../../local/calls/activity.ts';
import type { Call } from '../../../local/calls/call.ts';
import { type CallPort, ConnectionCut, openPort } from '../../../local/calls/call-port.ts';
import { createGate } from '../../../local/calls/gate.ts';
import { createVirtualClock } from '../../../local/clock.ts';
import { AccessDenied, type AccessNeed } from '../../../local/iam/access.ts';

const call: Call = { caller: 'arn:aws:lambda:r:0:function:place', service: 'dynamodb', action: 'PutItem' };
const need = { action: 'dynamodb:PutItem', resource: 'arn:table' };

const aGate = ({ calls = openPort, allows = true }: { calls?: CallPort; allows?: boolean } = {}) => {
  const steps: string[] = [];
  const log: string[] = [];
  const activity = createActivity();
  const clock = createVirtualClock(0, activity.idle);
  const authorizer = {
    authorize(caller: string, needs: readonly AccessNeed[]) {
      steps.push(`${caller.split(':').at(-1)} wants ${needs.map(({ action }) => action)}`);
      if (!allows) throw new AccessDenied('u', need, { isExplicit: false, policyType: 'identity-based' });
    },
  };
  const gate = createGate({ calls, authorizer, activity, clock, log: (line) => log.push(line) });
  const perform = async () => {
    steps.push('done');
    return 'answer';
  };
  return { gate, perform, steps, log, activity, clock };
};

/** Holds every call open. */
const holding: CallPort = {
  ...openPort,
  async pass(_call, _perform, line) {
    await line.untilHungUp();
    throw new ConnectionCut();
  },
};

test('a call passes the port, then the policies, then is carried out', async () => {
  const passing: CallPort = {
    ...openPort,
    async pass(_call, carryOut) {
      steps.push('port');
      const answer = await carryOut();
      steps.push('port again');
      return answer;
    },
  };
  const { gate, perform, steps } = aGate({ calls: passing });
  expect(await gate.pass(call, () => [need], perform)).toBe('answer');
  expect(steps).toEqual(['port', 'place wants dynamodb:PutItem', 'done', 'port again']);
});

test('a call that is denied is not carried out, and the log tells it', async () => {
  const { gate, perform, steps, log } = aGate({ allows: false });
  await expect(gate.pass(call, () => [need], perform)).rejects.toThrow(AccessDenied);
  expect(steps).not.toContain('done');
  expect(log).toEqual([
    expect.stringMatching(/^place dynamodb:PutItem is denied: User: u is not authorized/),
  ]);
});

test('a call from inside is held for a minute of the cloud, and nothing is in motion meanwhile', async () => {
  const { gate, perform, activity, clock } = aGate({ calls: holding });
  let endedAt: number | undefined;
  const held = activity.during(() =>
    gate
      .pass(call, () => [], perform)
      .catch(() => {
        endedAt = clock.now();
      }),
  );
  await activity.idle();
  expect(endedAt).toBeUndefined();
  await clock.advance(120_000);
  await held;
  expect(endedAt).toBe(60_000);
});

test('a call of a client is held until it hangs up; the run of its caller does not count meanwhile', async () => {
  const { gate, perform, activity } = aGate({ calls: holding });
  const endRun = activity.begin(call.caller);
  const client = new AbortController();
  const held = activity.during(() => gate.pass(call, () => [], perform, client.signal));
  await activity.idle();
  client.abort();
  await expect(held).rejects.toThrow(ConnectionCut);
  const isIdle = await Promise.race([activity.idle().then(() => true), Promise.resolve(false)]);
  expect(isIdle).toBe(false);
  endRun();
  await activity.idle();
});

test('closing ends every call that is held', async () => {
  const { gate, perform } = aGate({ calls: holding });
  const held = [
    gate.pass(call, () => [], perform),
    gate.pass(call, () => [], perform, new AbortController().signal),
  ];
  await gate.close();
  expect((await Promise.allSettled(held)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
