import { expect, test } from 'vitest';
import { createActivity } from '../../../local/calls/activity.ts';
import { createVirtualClock } from '../../../local/clock.ts';
import { ServiceError } from '../../../local/http/service-error.ts';
import { AccessDenied } from '../../../local/iam/access.ts';
import { createDestinations } from '../../../local/wiring/destinations.ts';

const someDestinations = () => {
  const activity = createActivity();
  const clock = createVirtualClock(0, activity.idle);
  const told: string[] = [];
  const destinations = createDestinations({ clock, activity, onError: (line) => told.push(line) });
  const deliver = (send: () => Promise<void>) =>
    activity.during(() => destinations.deliver('a failure', send));
  return { clock, told, destinations, deliver };
};

const throttled = () => new ServiceError('com.amazonaws.sqs#RequestThrottled', 'Rate exceeded', 403);

test('what the queue does not take is sent again, later and later', async () => {
  const { clock, deliver } = someDestinations();
  const sentAt: number[] = [];
  const delivered = deliver(async () => {
    sentAt.push(clock.now());
    if (sentAt.length < 5) throw throttled();
  });
  await clock.advance(60_000);
  await delivered;
  expect(sentAt).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
});

test.for([
  {
    why: 'may not be sent',
    error: () =>
      new AccessDenied(
        'u',
        { action: 'sqs:SendMessage', resource: 'q' },
        { isExplicit: false, policyType: 'identity-based' },
      ),
  },
  {
    why: 'has no queue',
    error: () => new ServiceError('com.amazonaws.sqs#QueueDoesNotExist', 'The queue does not exist.'),
  },
])('what $why is told and lost', async ({ error }) => {
  const { told, deliver } = someDestinations();
  let sent = 0;
  await deliver(async () => {
    sent += 1;
    throw error();
  });
  expect(sent).toBe(1);
  expect(told).toEqual([expect.stringMatching(/^a failure: /)]);
});

test('closing ends what still waits', async () => {
  const { destinations, deliver } = someDestinations();
  const waiting = deliver(() => Promise.reject(throttled()));
  await destinations.close();
  await expect(waiting).rejects.toThrow('closing');
});
