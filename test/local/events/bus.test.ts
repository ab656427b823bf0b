import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { createActivity } from '../../../local/calls/activity.ts';
import { createVirtualClock } from '../../../local/clock.ts';
import { createEventBus, type EventBusOptions } from '../../../local/events/bus.ts';
import type { RuleSpec } from '../../../local/events/rule.ts';
import type { JsonValue } from '../../../local/json.ts';

type Delivered = { arn: string; payload: JsonValue; attributes: Record<string, string> | undefined };

const startMs = Date.parse('2026-01-31T12:00:00Z');

const temporaryFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rudan-bus-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const aRule = (rule: Partial<RuleSpec> = {}): RuleSpec => ({
  name: 'on-upload',
  arn: 'arn:aws:events:us-east-1:000000000000:rule/on-upload',
  enabled: true,
  eventPattern: { source: ['orders'], detail: { urgent: [true] } },
  targets: [{ id: 't1', arn: 'arn:target' }],
  ...rule,
});

const anEvent = { source: 'orders', detailType: 'Placed', detail: { urgent: true } };

const startBus = async (options: Partial<EventBusOptions> = {}) => {
  const delivered: Delivered[] = [];
  const errors: unknown[] = [];
  const activity = createActivity();
  const clock = createVirtualClock(startMs, activity.idle);
  const stateDir = options.stateDir ?? (await temporaryFolder());
  const bus = await createEventBus({
    rules: [aRule()],
    clock,
    activity,
    region: 'us-east-1',
    accountId: '000000000000',
    deliver: async ({ arn }, payload, _, attributes) => {
      delivered.push({ arn, payload, attributes });
    },
    onError: (error) => errors.push(error),
    ...options,
    stateDir,
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= bus.close();
    return closed;
  };
  onTestFinished(close);
  return { bus, clock, delivered, errors, stateDir, close };
};

const refuse = () => Promise.reject(new Error('not now'));

describe('an event', () => {
  test('reaches the targets of the rules it matches, in EventBridge’s envelope', async () => {
    const other = aRule({ name: 'other', eventPattern: { source: ['invoices'] } });
    const off = aRule({ name: 'off', enabled: false });
    const { bus, delivered } = await startBus({ rules: [aRule(), other, off] });
    await bus.put([anEvent, { ...anEvent, detail: { urgent: false } }]);
    await expect
      .poll(() => delivered)
      .toEqual([
        {
          arn: 'arn:target',
          attributes: undefined,
          payload: {
            version: '0',
            id: expect.stringMatching(/^[\da-f-]{36}$/),
            'detail-type': 'Placed',
            source: 'orders',
            account: '000000000000',
            time: '2026-01-31T12:00:00Z',
            region: 'us-east-1',
            resources: [],
            detail: { urgent: true },
          },
        },
      ]);
  });

  test('is delivered again, ever later, until the target takes it', async () => {
    let attempts = 0;
    const deliver = async () => {
      attempts += 1;
      if (attempts < 4) throw new Error('not now');
    };
    const { bus, clock } = await startBus({ deliver });
    await bus.put([anEvent]);
    for (const [tried, delayMs] of [
      [1, 1_000],
      [2, 2_000],
      [3, 4_000],
    ] as const) {
      await expect.poll(() => attempts).toBe(tried);
      await expect.poll(() => clock.nextTimer()).toBe(clock.now() + delayMs);
      await clock.advance(delayMs);
    }
    await expect.poll(() => attempts).toBe(4);
    await expect.poll(() => clock.nextTimer()).toBeUndefined();
  });

  test.for([
    {
      retry: { maximumAttempts: 0, maximumEventAgeSeconds: 60 },
      error: new Error('broken'),
      condition: 'MaximumRetryAttempts',
    },
    {
      retry: { maximumAttempts: 9, maximumEventAgeSeconds: 0 },
      error: new Error('broken'),
      condition: 'MaximumEventAgeInSeconds',
    },
    {
      retry: undefined,
      error: Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' }),
      condition: 'NonRetriableError',
    },
  ])('goes to the dead letter queue after $condition', async ({ retry, error, condition }) => {
    const buried: Delivered[] = [];
    const target = {
      id: 't1',
      arn: 'arn:target',
      deadLetterArn: 'arn:dlq',
      inputPath: '$.detail',
      ...(retry ? { retry } : {}),
    };
    const { bus } = await startBus({
      rules: [aRule({ targets: [target] })],
      deliver: async ({ arn }, payload, _, attributes) => {
        if (arn !== 'arn:dlq') throw error;
        buried.push({ arn, payload, attributes });
      },
    });
    await bus.put([anEvent]);
    await expect
      .poll(() => buried)
      .toMatchObject([
        {
          payload: { source: 'orders', detail: { urgent: true } },
          attributes: {
            RULE_ARN: aRule().arn,
            TARGET_ARN: 'arn:target',
            ERROR_MESSAGE: error.message,
            EXHAUSTED_RETRY_CONDITION: condition,
          },
        },
      ]);
  });

  test('that is given up without a dead letter queue is reported', async () => {
    const target = { id: 't1', arn: 'arn:target', retry: { maximumAttempts: 0, maximumEventAgeSeconds: 60 } };
    const { bus, errors } = await startBus({ rules: [aRule({ targets: [target] })], deliver: refuse });
    await bus.put([anEvent]);
    await expect.poll(() => errors.map(String)).toEqual([expect.stringContaining('arn:target is given up')]);
  });

  test('that was accepted survives a crash, and is not delivered twice after a clean one', async () => {
    const crashing = await startBus({ deliver: refuse });
    await crashing.bus.put([anEvent]);
    const stateDir = await temporaryFolder();
    await cp(crashing.stateDir, stateDir, { recursive: true });
    const restarted = await startBus({ stateDir });
    await expect.poll(() => restarted.delivered).toHaveLength(1);
    await restarted.close();
    const again = await startBus({ stateDir });
    await again.bus.put([{ ...anEvent, detailType: 'Later' }]);
    await expect.poll(() => again.delivered).toMatchObject([{ payload: { 'detail-type': 'Later' } }]);
  });
});

describe('a schedule', () => {
  const every5 = aRule({
    name: 'sweep',
    arn: 'arn:sweep',
    scheduleExpression: 'rate(5 minutes)',
    targets: [{ id: 't1', arn: 'arn:sweeper' }],
  });

  test('fires at its times with a scheduled event', async () => {
    const { clock, delivered } = await startBus({ rules: [every5] });
    await clock.advance(5 * 60_000 - 1);
    expect(delivered).toEqual([]);
    await clock.advance(10 * 60_000 + 1);
    await expect
      .poll(() => delivered)
      .toMatchObject(
        ['12:05', '12:10', '12:15'].map((time) => ({
          arn: 'arn:sweeper',
          payload: {
            'detail-type': 'Scheduled Event',
            source: 'aws.events',
            time: `2026-01-31T${time}:00Z`,
            resources: ['arn:sweep'],
            detail: {},
          },
        })),
      );
  });

  test('can be left to whoever fires it', async () => {
    const { bus, clock, delivered } = await startBus({ rules: [every5, aRule()], schedules: false });
    await clock.advance(3_600_000);
    expect(clock.nextTimer()).toBeUndefined();
    await bus.fire('swe');
    await expect
      .poll(() => delivered)
      .toMatchObject([{ arn: 'arn:sweeper', payload: { time: '2026-01-31T13:00:00Z', detail: {} } }]);
    await expect(bus.fire('on-upload')).rejects.toThrow('there are: sweep');
  });

  test('that is fired by hand keeps to its times', async () => {
    const { bus, clock, delivered } = await startBus({ rules: [every5] });
    await clock.advance(4 * 60_000);
    await bus.fire('sweep');
    await clock.advance(60_000);
    const times = delivered.map(({ payload }) => z.object({ time: z.string() }).parse(payload).time);
    expect(times).toEqual(['2026-01-31T12:04:00Z', '2026-01-31T12:05:00Z']);
  });

  test('that was missed while nothing ran is made up for once', async () => {
    const first = await startBus({ rules: [every5] });
    await first.close();
    const clock = createVirtualClock(startMs + 3_600_000 + 1_000);
    const second = await startBus({ rules: [every5], stateDir: first.stateDir, clock });
    await clock.advance(0);
    await expect.poll(() => second.delivered).toHaveLength(1);
    await clock.advance(5 * 60_000);
    await expect.poll(() => second.delivered).toHaveLength(2);
  });
});

test('PutEvents answers for each entry', async () => {
  const { bus, delivered } = await startBus();
  const entry = { Source: 'orders', DetailType: 'Placed', Detail: '{"urgent":true}', Time: 1_769_000_000 };
  const answer = await bus.operations.PutEvents?.({
    Entries: [
      { DetailType: 'Placed', Detail: '{}' },
      { ...entry, Detail: '[1]' },
      { ...entry, Source: 'aws.s3' },
      entry,
    ],
  });
  expect(answer).toEqual({
    FailedEntryCount: 3,
    Entries: [
      { ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining('Source') },
      { ErrorCode: 'MalformedDetail', ErrorMessage: expect.any(String) },
      { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: expect.any(String) },
      { EventId: expect.any(String) },
    ],
  });
  await expect.poll(() => delivered).toMatchObject([{ payload: { time: '2026-01-21T12:53:20Z' } }]);
  await expect(bus.operations.PutEvents?.({ Entries: [] })).rejects.toMatchObject({
    code: 'ValidationException',
  });
});

test.for([
  { rule: aRule({ eventPattern: { source: [{ regex: 'x' }] } }), says: 'not a supported operator' },
  { rule: aRule({ scheduleExpression: 'rate(often)' }), says: 'is not understood' },
])('a rule that cannot be read is refused at the start: $says', async ({ rule, says }) => {
  await expect(startBus({ rules: [rule] })).rejects.toThrow(says);
});
