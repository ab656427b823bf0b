import { createHash } from 'node:crypto';
import type { KillPlan, Moment } from './kill-plan.ts';
import { type OrderKind, orderKinds } from './traffic.ts';

/** What the desk has to do in a life: one order, or one file of orders. */
export type Work = OrderKind | 'file';
export const works: readonly Work[] = [...orderKinds, 'file'];

/** One life of the desk, and how it ends. */
export type Life = { name: string } & (
  | { ends: 'at a moment'; work: Work; plan: KillPlan & { point: string; label: string } }
  | { ends: 'soon after its start'; plan: KillPlan }
  | { ends: 'under load'; afterMs: number }
);
export type MomentLife = Extract<Life, { ends: 'at a moment' }>;

/** How often moments of a kind are sure to come again: stream records come in batches that no two runs share. */
const surely = (point: string): number => {
  if (point.startsWith('call.')) return 1;
  return point.startsWith('stream-checkpoints.') ? 3 : Number.POSITIVE_INFINITY;
};

const lifeOf = (work: Work, { point, label }: Moment, nth: number, torn: boolean): MomentLife => {
  const [what = '', step = ''] = point.split('.');
  const side = torn ? 'in the middle of' : step.startsWith('before') ? 'before' : 'after';
  const count = nth > 1 ? ` ${nth}` : '';
  return {
    name: `${work}: ${side} ${what} ${label}${count}`,
    ends: 'at a moment',
    work,
    plan: { point, label, nth, torn },
  };
};

/** A write can be cut short as well. */
const livesOf = (work: Work, moment: Moment, nth: number): MomentLife[] =>
  moment.point.endsWith('.before-append')
    ? [lifeOf(work, moment, nth, false), lifeOf(work, moment, nth, true)]
    : [lifeOf(work, moment, nth, false)];

const alike = (moments: readonly Moment[]): Moment[][] => [
  ...Map.groupBy(moments, ({ point, label }) => `${point} ${label}`).values(),
];

/** A life for each side of every record that an execution of the machine wrote while the work was done. */
export const journalLives = (work: Work, moments: readonly Moment[], machine: string): MomentLife[] =>
  alike(moments.filter(({ execution }) => execution?.arn.includes(`:${machine}:`)))
    .flatMap(([moment]) => (moment ? livesOf(work, moment, 1) : []))
    .map((life) => ({ ...life, plan: { ...life.plan, newExecutionOf: machine } }));

/** A life for each side of every other record that was written for the work, and of every call that changed something. */
export const otherLives = (work: Work, moments: readonly Moment[]): MomentLife[] =>
  alike(moments.filter(({ execution }) => execution === undefined)).flatMap((same) =>
    same.slice(0, surely(same[0]?.point ?? '')).flatMap((moment, index) => livesOf(work, moment, index + 1)),
  );

/** Numbers and picks that follow from a seed and from names alone, so that a moment more or less elsewhere changes none. */
export const createChance = (seed: number) => {
  const fraction = (name: string): number =>
    createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE() / 2 ** 32;
  const between = (name: string, from: number, to: number): number =>
    Math.floor(from + fraction(name) * (to - from));
  const shuffled = <Named extends { name: string }>(values: readonly Named[]): Named[] =>
    values.toSorted((a, b) => fraction(a.name) - fraction(b.name));
  return { between, shuffled };
};
export type Chance = ReturnType<typeof createChance>;

/** Lives that end wherever chance has it: while older work is taken up again, or under load. */
export const randomLives = (chance: Chance, afterStart: number, underLoad: number): Life[] => [
  ...Array.from({ length: afterStart }, (_, index): Life => {
    const nth = chance.between(`after start ${index}`, 1, 60);
    return { name: `at moment ${nth} after its start`, ends: 'soon after its start', plan: { nth } };
  }),
  ...Array.from({ length: underLoad }, (_, index): Life => {
    const afterMs = chance.between(`under load ${index}`, 100, 2_500);
    return { name: `under load, after ${afterMs} ms`, ends: 'under load', afterMs };
  }),
];
