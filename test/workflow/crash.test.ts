import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { MailTemplate } from '../../domain/mail.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { behindTheDesk } from './behind-the-desk.ts';
import { type DeskView, readDesk } from './invariants/desk-view.ts';
import { brokenInvariants } from './invariants.ts';
import { createChance, type Life, type MomentLife, randomLives, type Work } from './kill-schedule.ts';
import { type KillableDesk, openKillableDesk } from './killable-desk.ts';
import { type Kill, type Lives, openLives } from './lives.ts';
import { openTraffic, type Traffic } from './traffic.ts';

const isNightly = process.env.NIGHTLY === '1';
vi.setConfig({ testTimeout: isNightly ? 7_200_000 : 600_000 });

/**
 * Which moments are chosen: others every night, else always the same; CRASH_SEED chooses as it did before, CRASH_POINT one
 * moment by the name it is printed with.
 */
const seed = Number(process.env.CRASH_SEED ?? (isNightly ? randomInt(2 ** 31) : 266_576_760));
const onlyMoment = process.env.CRASH_POINT;
const chance = createChance(seed);

/** Every state that a clean order or file passes leaves a record; each has two sides and can be cut short. */
const fewestBoundaries = 3 * (13 + 14 + 5);
const fewestKills = isNightly ? 200 : 20;

const ending = new AbortController();
const kills: Kill[] = [];
let desk: KillableDesk;
let traffic: Traffic;
let lives: Lives;
let lookAtAll: () => Promise<DeskView>;

beforeAll(async () => {
  desk = await openKillableDesk();
  const behind = behindTheDesk(desk);
  traffic = openTraffic(desk, behind, ending.signal);
  lives = openLives(desk, behind, traffic);
  lookAtAll = () =>
    behind.look({ answers: traffic.answers, interruptions: kills.map(({ death }) => death.at) });
  await desk.start();
});

afterAll(async () => {
  ending.abort();
  const lines = kills.map(({ life: { name }, death }) => {
    const { point, label } = death.report?.moment ?? {};
    return `  ${name}${name.startsWith('at moment') ? `: ${point} ${label}` : ''}`;
  });
  console.log([`CRASH_SEED=${seed}`, ...lines].join('\n'));
  await desk.close();
});

const choose = (journal: readonly MomentLife[], others: readonly MomentLife[]): Life[] => {
  if (onlyMoment) return [...journal, ...others].filter(({ name }) => name === onlyMoment);
  if (isNightly) return chance.shuffled([...journal, ...others, ...randomLives(chance, 20, 30)]);
  const some = (from: readonly MomentLife[], count: number) => chance.shuffled(from).slice(0, count);
  const of = (wanted: Work) => journal.filter(({ work }) => work === wanted);
  const isCall = ({ plan }: MomentLife) => plan.point.startsWith('call.');
  return chance.shuffled([
    ...some(of('on account'), 4),
    ...some(of('prepaid'), 4),
    ...some(of('file'), 3),
    ...some(
      others.filter((life) => !isCall(life)),
      3,
    ),
    ...some(others.filter(isCall), 3),
    ...randomLives(chance, 2, 2),
  ]);
};

/** What the desk was asked to die at, and what it wrote down when it did. */
const askedAndReported = ({ life, death: { report } }: Kill) => {
  if (life.ends !== 'at a moment') return { asked: undefined, reported: undefined };
  const { point, label, torn } = life.plan;
  return {
    asked: { point, label, torn },
    reported: report && { point: report.moment.point, label: report.moment.label, torn: report.torn },
  };
};

/** The execution of the very work of a life, and the one whose record the desk died at. */
const ownAndReported = async ({ life, name, work, death }: Kill, view: DeskView) => {
  if (life.ends !== 'at a moment' || !life.plan.newExecutionOf) return { own: '', reported: '' };
  const reported = death.report?.moment.execution?.arn;
  if (life.work !== 'file') return { own: await work[0]?.posted, reported: reported?.split(':').at(-1) };
  const upload = view.orderRows.find(({ objectKey }) => objectKey === `inbox/example-mall/${name}.csv`);
  return { own: upload?.executionId, reported };
};

const common: MailTemplate[] = [
  'completed',
  'invoice-issued',
  'order-confirmed',
  'order-confirmed',
  'shipped',
  'warehouse-pick',
];
const mailsOf = (isPrepaid: boolean): MailTemplate[] =>
  isPrepaid ? [...common, 'payment-instructions' as const, 'payment-received' as const].sort() : common;

const storyOf = ({ state, mails, payments, slips, shipments }: OrderRecord) => ({
  status: state.status,
  mails: mails.map(({ template }) => template).sort(),
  payments: payments.length,
  slips: slips.length,
  shipments: shipments.length,
});
const cleanStory = ({ state: { paymentMethod } }: OrderRecord): ReturnType<typeof storyOf> => ({
  status: 'COMPLETED',
  mails: mailsOf(paymentMethod !== 'ON_ACCOUNT'),
  payments: paymentMethod === 'ON_ACCOUNT' ? 0 : 1,
  slips: 1,
  shipments: 1,
});

test('whatever the desk is killed at, every order is completed, and once only', async () => {
  const { journal, others } = await lives.record();
  expect(journal.length).toBeGreaterThanOrEqual(fewestBoundaries);
  const chosen = choose(journal, others);
  expect(chosen.length).toBeGreaterThanOrEqual(onlyMoment ? 1 : fewestKills);
  await desk.kill();
  for (const [index, life] of chosen.entries()) kills.push(await lives.live(life, `LIFE-${index}`));
  await desk.start();
  await lives.finish();

  for (const { life, death } of kills) {
    expect(death, life.name).toMatchObject({ signal: 'SIGKILL', portRefuses: true });
  }
  expect(traffic.lostCalls()).toBeGreaterThan(0);
  for (const kill of kills) {
    const { asked, reported } = askedAndReported(kill);
    expect(reported, kill.life.name).toEqual(asked);
  }

  const view = await lookAtAll();
  expect(brokenInvariants(view)).toEqual([]);
  for (const kill of kills) {
    const { own, reported } = await ownAndReported(kill, view);
    expect(reported, kill.life.name).toBe(own);
  }

  const { orders, uploads, mailFiles } = readDesk(view);
  const completed = new Set(await Promise.all(traffic.passages.map(({ completed: number }) => number)));
  expect(completed.size).toBe(traffic.passages.length);
  const paid = orders.filter(({ state }) => completed.has(state.orderNumber));
  expect(paid.map(storyOf)).toEqual(paid.map(cleanStory));
  const filed = lives.files.filter(({ isPaid }) => !isPaid).flatMap(({ references }) => references);
  const unpaid = orders.filter(({ state }) => !completed.has(state.orderNumber));
  expect(unpaid.map(({ state }) => `${state.status} ${state.customerOrderReference}`).sort()).toEqual(
    filed.map((reference) => `PENDING_PAYMENT ${reference}`).sort(),
  );
  expect(uploads.map(({ fileName, status, counts }) => [fileName, status, counts?.created]).sort()).toEqual(
    lives.files.map(({ name, references }) => [`${name}.csv`, 'COMPLETED', references.length]).sort(),
  );

  const repeats = mailFiles.length - new Set(mailFiles.map(({ reference }) => reference)).size;
  console.log(
    `${kills.length} kills, ${orders.length} orders, ${uploads.length} files, ` +
      `${traffic.lostCalls()} calls without an answer, ${repeats} mails twice`,
  );
});
