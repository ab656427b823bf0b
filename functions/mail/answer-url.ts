import { answerableQuestions } from '../../domain/findings/questions.ts';
import type { MailIntent } from '../../domain/mail.ts';
import type { AnswerLinks } from '../shared/answer-links.ts';
import { isForStaff, type MailModel } from './mail-model.ts';

type Deps = {
  links: Pick<AnswerLinks, 'issue'>;
  /** What stands before the token in a link; ends in a slash. */
  linkBase: () => string;
};

const hourMs = 3_600_000;

/**
 * A new link for a mail that asks its customer something; undefined for any other. Each try to send makes its own, since none is
 * kept: one that was never sent opens nothing for anybody, and is over with its order's deadline.
 */
export const answerUrl = async (
  { links, linkBase }: Deps,
  intent: MailIntent,
  model: MailModel,
  now: Date,
): Promise<string | undefined> => {
  const isAsking = intent.template === 'clarification' || intent.template === 'clarification-reminder';
  if (!isAsking || model.kind !== 'order' || isForStaff({ intent, company: model.company })) return undefined;
  const { state, content } = model.record;
  const questions = answerableQuestions(model.record);
  if (questions.length === 0 || state.status !== 'ON_HOLD') return undefined;
  const fallback = new Date(now.getTime() + content.terms.clarificationHours * hourMs).toISOString();
  const last =
    questions
      .map(({ dueAt = fallback }) => dueAt)
      .toSorted()
      .at(-1) ?? fallback;
  const token = await links.issue({
    orderNumber: state.orderNumber,
    numbers: questions.map(({ number }) => number),
    issuedAt: now,
    expiresAt: new Date(last),
  });
  return `${linkBase()}${token}`;
};
