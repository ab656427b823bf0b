import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { BehindTheDesk } from './behind-the-desk.ts';
import { journalLives, type Life, type MomentLife, otherLives, type Work, works } from './kill-schedule.ts';
import type { Death, KillableDesk } from './killable-desk.ts';
import { eventually } from './test-desk.ts';
import type { Passage, Traffic } from './traffic.ts';

const ordersUnderLoad = 3;
const ordersInFile = 2;
/** Two batches of the import. */
const ordersInLargeFile = 27;
const graceMs = 10_000;
const patienceMs = 300_000;

/** What was dropped, and the orders in it; unpaid orders are left to wait for their money. */
type DroppedFile = { name: string; references: string[]; isPaid: boolean };

export type Kill = { life: Life; name: string; work: Passage[]; death: Death };

const mailSchema = z.object({ state: z.string(), claimedAt: z.iso.datetime().optional() });

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

/** The lives of one desk: each does its work beside what older lives left behind, and is killed. */
export const openLives = (desk: KillableDesk, behind: BehindTheDesk, traffic: Traffic) => {
  const files: DroppedFile[] = [];

  const unpaidReferences = (): string[] =>
    files.filter(({ isPaid }) => !isPaid).flatMap(({ references }) => references);

  const drop = async (name: string, orders: number, isPaid: boolean): Promise<Passage[]> => {
    const references = numbered(name, orders);
    files.push({ name, references, isPaid });
    await traffic.file(`${name}.csv`, references);
    return isPaid ? traffic.followFiled(references) : [];
  };

  const begin = async (work: Work, name: string): Promise<Passage[]> =>
    work === 'file' ? drop(name, ordersInFile, true) : [traffic.order(work, name, { calm: true })];

  /**
   * Waits until no mail is unsent. Claims that died with their mailer are put back in line by the sweep, which comes only
   * when there are no others: it would take a mail that is being sent for one left behind.
   */
  const allMailsSent = () =>
    eventually(async () => {
      const mails = z.array(mailSchema).parse(await behind.rowsOf('MAIL'));
      const unsent = mails.filter(({ state }) => state !== 'SENT');
      const isLeft = ({ state, claimedAt }: z.infer<typeof mailSchema>) =>
        state === 'SENDING' && claimedAt !== undefined && new Date(claimedAt) < desk.startedAt();
      if (unsent.length > 0 && unsent.every(isLeft)) await behind.sweep({ mails: true });
      return unsent.length === 0;
    }, patienceMs);

  const allFilesImported = () =>
    eventually(async () => {
      const uploads = await behind.rowsOf('UPLOAD');
      return uploads.length === files.length && uploads.every(({ status }) => status !== 'PROCESSING');
    }, patienceMs);

  /** Completed orders' executions have ended, and those of unpaid orders have handed out their tokens. */
  const allExecutionsRest = () =>
    eventually(async () => {
      const running = (await behind.executions()).filter(({ status }) => status === 'RUNNING');
      const waiting = await Promise.all(running.map(({ name }) => behind.isWaiting(name)));
      return running.length === unpaidReferences().length && !waiting.includes(false);
    }, patienceMs);

  /** Older work is known to the desk and begun: what begins from now on is new. */
  const olderWorkIsUnderWay = async () => {
    await allFilesImported();
    await Promise.all(traffic.passages.map(({ posted }) => posted));
    await behind.sweep({ mails: false });
  };

  /** The desk's death; fails when the work is done and the moment has not come. */
  const deathDuring = (work: readonly Passage[], { name }: Life): Promise<Death> => {
    const isTooLate = Promise.all(work.map(({ completed }) => completed)).then(async (): Promise<never> => {
      await sleep(graceMs);
      throw new Error(`the work is done, and the moment to be killed at has not come: ${name}`);
    });
    return Promise.race([desk.death(), isTooLate]);
  };

  const machineOf = (work: Work): string => {
    const { OrderStateMachineArn = '', UploadStateMachineArn = '' } = desk.endpoints().outputs;
    return (work === 'file' ? UploadStateMachineArn : OrderStateMachineArn).split(':').at(-1) ?? '';
  };

  const underLoad = async (name: string, afterMs: number) => {
    const work = numbered(name, ordersUnderLoad).map((reference, index) =>
      traffic.order(index === 0 ? 'prepaid' : 'on account', reference, { calm: false }),
    );
    if (files.every(({ isPaid }) => isPaid)) await drop('LARGE', ordersInLargeFile, false);
    await sleep(afterMs);
    return { work, death: await desk.kill() };
  };

  return {
    files,

    /** Does each kind of work once, undisturbed: a life for every moment there was. */
    record: async (): Promise<{ journal: MomentLife[]; others: MomentLife[] }> => {
      const journal: MomentLife[] = [];
      const others: MomentLife[] = [];
      for (const work of works) {
        await desk.takeMoments();
        const passages = await begin(work, `RECORDED-${works.indexOf(work)}`);
        await Promise.all(passages.map(({ completed }) => completed));
        await allMailsSent();
        const moments = await desk.takeMoments();
        journal.push(...journalLives(work, moments, machineOf(work)));
        others.push(...otherLives(work, moments));
      }
      return { journal, others };
    },

    /** Starts the desk, gives it its work and waits for its death. */
    live: async (life: Life, name: string): Promise<Kill> => {
      if (life.ends === 'soon after its start') {
        const isStarted = await desk.start(life.plan);
        const work = isStarted ? [traffic.order('on account', name, { calm: false })] : [];
        return { life, name, work, death: await deathDuring(work, life) };
      }
      await desk.start();
      if (life.ends === 'under load') return { life, name, ...(await underLoad(name, life.afterMs)) };
      await olderWorkIsUnderWay();
      await desk.arm(life.plan);
      const work = await begin(life.work, name);
      return { life, name, work, death: await deathDuring(work, life) };
    },

    /** Drives everything that all lives left behind to its end. */
    finish: async (): Promise<void> => {
      const end = Promise.all(traffic.passages.map(({ completed }) => completed));
      const isDone = end.then(() => true);
      // After a crash some orders move by the sweep alone.
      while (!(await Promise.race([isDone, sleep(2_000, false)]))) await behind.sweep({ mails: false });
      await allFilesImported();
      await behind.sweep({ mails: false });
      await allExecutionsRest();
      await allMailsSent();
      // What was written behind a line that a death cut short shows only at the next start.
      await desk.kill();
      await desk.start();
      await allExecutionsRest();
    },
  };
};

export type Lives = ReturnType<typeof openLives>;
