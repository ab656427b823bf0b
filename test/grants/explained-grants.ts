import type { Grant } from '../../local/iam/grant.ts';

/** Grants that no story uses, and why they stay. */
const explained: { action: RegExp; holder: RegExp; reason: string }[] = [
  {
    action: /^states:SendTask(Success|Failure)$/,
    holder:
      /(AwaitShipment|AwaitDelivery|CancelOrderRequest|RecordShipment|RecordCarrierEvent|AnswerQuestions|AnswerByLink|ResolveFinding)Role/,
    reason:
      'whoever brings an event answers the wait that stands open, with whatever the facts say: the other answer is a matter of what came between',
  },
  {
    action: /^dynamodb:UpdateItem$/,
    holder: /RecordPaymentRole/,
    reason:
      'money for an order on account comes weeks after its goods, when the stories have ended; it gives credit back then',
  },
  {
    action: /^sqs:GetQueue(Attributes|Url)$/,
    holder: /(SendMail|SweepOrders|ReceiveMail|RecordMailFeedback)Role/,
    reason: 'Lambda itself delivers what failed; the CDK grants these beside sending to a destination',
  },
];

/** Why a grant may be unused; undefined when nothing explains it. */
export const whyUnused = ({ action, holder }: Grant): string | undefined =>
  explained.find((one) => one.action.test(action) && one.holder.test(holder))?.reason;
