import { randomInt } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createFaultPort } from '../../local/calls/fault-port.ts';
import { type FaultCase, idOf, isNamed, sampleOf } from './faults/cases.ts';
import { nobodySweeps, plantedPort, stockIsNotReleased } from './faults/planted-port.ts';
import { sweepFaults } from './faults/sweep.ts';

const isNightly = process.env.NIGHTLY === '1';
vi.setConfig({ testTimeout: isNightly ? 8 * 3_600_000 : 600_000 });

/**
 * Which cases are played: every night all of them, else a sample that is always the same; FAULT_SEED draws another,
 * FAULT_CASE plays one case by the name it is printed with, FAULT_PART=2/4 the second of four parts of every night's.
 */
const seed = Number(process.env.FAULT_SEED ?? (isNightly ? randomInt(2 ** 31) : 1_986_007_696));
const only = process.env.FAULT_CASE;
const [part = 1, parts = 1] = (process.env.FAULT_PART ?? '1/1').split('/').map(Number);
const sampleSize = 24;

const minuteMs = 60_000;
/** Longer than every retry of every service but those of a rule; the hourly sweep comes by meanwhile. */
const outage = isNightly
  ? { storyMs: 180 * minuteMs, mailsMs: 180 * minuteMs }
  : { storyMs: 75 * minuteMs, mailsMs: 12 * minuteMs };

const choose = (cases: readonly FaultCase[]): FaultCase[] => {
  if (only) return cases.filter((one) => isNamed(one, only));
  if (isNightly) return sampleOf(cases, cases.length, seed).filter((_, index) => index % parts === part - 1);
  // The outage of a whole service takes half a minute of computing each time.
  const single = cases.filter(({ fault }) => !fault.site.startsWith('*'));
  return sampleOf(single, sampleSize, seed);
};

test('whatever call fails, orders and files come to their end, once, with their mails', async () => {
  console.log(`FAULT_SEED=${seed}`);
  const { summary, inPlainSight, wrong } = await sweepFaults({
    createPort: createFaultPort,
    choose,
    outage,
    tell: console.log,
  });
  console.log([summary, ...inPlainSight.map((line) => `  ${line}`)].join('\n'));
  expect(wrong).toEqual([]);
});

test.runIf(isNightly)(
  'the sweep notices when stock is not given back, and when nobody comes by for what was left behind',
  async () => {
    const chosen = [
      'CancelOrderFunction\\w+ dynamodb:TransactWriteItems\\|cut\\|1\\|file\\|many',
      'PlaceOrderFunction\\w+ states:StartExecution\\|error-before\\|1\\|prepaid\\|once',
    ];
    const { wrong } = await sweepFaults({
      createPort: () => plantedPort([stockIsNotReleased, nobodySweeps]),
      choose: (cases) => cases.filter((one) => chosen.some((name) => new RegExp(name).test(idOf(one)))),
      outage,
      tell: () => {},
    });
    expect(wrong).toEqual([
      expect.stringMatching(/CancelOrder.*I2: .* holds 1 TEAPOT-600, 2 MUG-300-WH, not nothing/),
      expect.stringMatching(/StartExecution.*not come to its end; I3: .* its execution is missing/),
    ]);
  },
);
