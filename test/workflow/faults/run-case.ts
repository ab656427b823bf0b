import * as z from 'zod';
import type { FaultPort, TracedSite } from '../../../local/calls/fault-port.ts';
import { brokenInvariants } from '../invariants.ts';
import { listsSince, lookAtStory, lookBefore, type SeenByOperator } from './case-view.ts';
import type { FaultCase } from './cases.ts';
import { playUntil } from './drive.ts';
import type { FaultDesk } from './fault-desk.ts';
import { peopleOf } from './people.ts';
import { withPlainSight } from './plain-sight.ts';
import { plays, type StoryName } from './plays.ts';

/** By then everything that a fault has left behind is made good, or it is stuck. */
const patience = { storyMs: 12 * 3_600_000, mailsMs: 3_600_000 };

/** Stories do not share a moment: what one changed can be told from what the next did. */
const apartMs = 1_000;

export type CaseResult = {
  /** How many calls the fault met. */
  struck: number;
  /** Empty when the story came to its end and all invariants hold. */
  broken: string[];
  /** What failed and rang an alarm, though nothing is owed to anybody. */
  inPlainSight: string[];
};

const mailsSchema = z.array(z.object({ state: z.string(), refusal: z.string().optional() }));

/** A mail is still to be sent, or an execution has not noticed its own end. */
const isUnderWay = ({ orderRows, executions }: SeenByOperator): boolean =>
  executions.some(({ status }) => status === 'RUNNING') ||
  mailsSchema
    .parse(orderRows.filter(({ entity }) => entity === 'MAIL'))
    .some(({ state, refusal }) => state !== 'SENT' && refusal === undefined);

/** After these a mail has left and nobody knows: SES was not heard, or the mailer died as it was about to mark it. */
const hidesMail = ({ site, kind }: ReturnType<FaultPort['struck']>[number]): boolean =>
  site.includes('ses:Send')
    ? kind.endsWith('-after') || kind === 'cut'
    : site.includes('SendMail') && site.endsWith('dynamodb:UpdateItem') && kind.startsWith('timeout');

/** The sites that were passed between two traces; what the test asks as operator is no part of the app. */
const passedBetween = (before: readonly TracedSite[], after: readonly TracedSite[]): TracedSite[] => {
  const counted = new Map(before.map(({ site, count }) => [site, count]));
  return after
    .map((site) => ({ ...site, count: site.count - (counted.get(site.site) ?? 0) }))
    .filter(({ site, count }) => count > 0 && !site.startsWith('operator '));
};

/** Where a story stands when it is looked at last. */
type End = { hasEnded: boolean; seen: SeenByOperator };

/** How long a fault lasts that every call meets: for the story, and when that has ended for the mails it has left. */
export type Outage = { storyMs: number; mailsMs: number };

/** Plays stories on a desk, with a fault or without. */
export const createRunner = (desk: FaultDesk, outage: Outage) => {
  const { port, time, eyes } = desk;
  let stories = 0;

  const begin = async (storyName: StoryName) => {
    stories += 1;
    await time.passUntil(time.now() + apartMs);
    const people = peopleOf(desk.endpoints, time.idle);
    const story = plays[storyName](people, `FAULT-${stories}`, time.now);
    const struckBefore = port.struck().length;
    const before = await lookBefore(eyes, time.now());
    const struck = () => port.struck().slice(struckBefore);

    const look = () => lookAtStory(eyes, story, before, struck().filter(hidesMail).length);
    return {
      struck,

      /** Plays on until the story has ended and nothing of it is under way, or until so much time has passed. */
      settle: async ({ storyMs, mailsMs }: Outage): Promise<End> => {
        const hasEnded = await playUntil(story, time, time.now() + storyMs);
        const untilMs = time.now() + mailsMs;
        let seen = await look();
        while (isUnderWay(seen) && time.now() < untilMs) {
          await time.pass(untilMs);
          seen = await look();
        }
        return { hasEnded, seen };
      },

      judge: async (end: End): Promise<Omit<CaseResult, 'struck'>> => {
        const { seen, inPlainSight } = withPlainSight(end.seen);
        const lists = await listsSince(people, before.at);
        const isLate = end.hasEnded ? [] : ['the story has not come to its end'];
        return { broken: [...isLate, ...brokenInvariants({ ...seen, lists })], inPlainSight };
      },
    };
  };

  return {
    desk,

    /** Plays a story without a fault; answers the sites that it passed, and how often. */
    playClean: async (storyName: StoryName): Promise<TracedSite[]> => {
      const before = port.trace();
      const story = await begin(storyName);
      const end = await story.settle(patience);
      const sites = passedBetween(before, port.trace());
      const { broken, inPlainSight } = await story.judge(end);
      if (broken.length + inPlainSight.length > 0)
        throw new Error(`${storyName}, without a fault: ${[...broken, ...inPlainSight].join('; ')}`);
      return sites;
    },

    /** Plays a story while the fault is armed, then without it to its end. */
    run: async ({ story: storyName, fault }: FaultCase): Promise<CaseResult> => {
      const story = await begin(storyName);
      try {
        port.arm(fault);
        await story.settle(fault.nth === 'every' ? outage : patience);
        port.disarm();
        const judged = await story.judge(await story.settle(patience));
        return { struck: story.struck().length, ...judged };
      } catch (error) {
        const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        return { struck: story.struck().length, broken: [reason], inPlainSight: [] };
      } finally {
        port.disarm();
        await time.idle();
      }
    },
  };
};

export type Runner = ReturnType<typeof createRunner>;
