import type { Partner } from '../../../domain/partner.ts';
import type { MailRefusal } from '../../../domain/uploads/inbound-mail.ts';
import { isEnvelopeVerified, isFromVerified } from '../../../domain/uploads/mail-sender.ts';
import type { MailHead } from './read-mail.ts';

type Sent = Pick<MailHead, 'stamp' | 'from' | 'isAutomatic' | 'isReply'>;

export type SenderLookup = { findSender(address: string): Promise<Partner | undefined> };

export type JudgedSender = {
  /** The address on file, proven; else the one that the mail claims. */
  address: string;
  /** Whose address it is, once that is proven. */
  partner?: Partner;
  refusal?: MailRefusal;
  /** An answer reaches the one who wrote, and no program. */
  mayAnswer: boolean;
};

/** The first of the mail's own addresses that is on file: the header From goes before the envelope. */
const onFile = async ({ from, stamp }: Sent, partners: SenderLookup) => {
  const envelopeFrom = stamp?.evidence.envelopeFrom.toLowerCase();
  for (const address of new Set([from, envelopeFrom])) {
    const partner = address && (await partners.findSender(address));
    if (address && partner) return { address, partner };
  }
  return undefined;
};

const isVerified = (address: string, { from, stamp }: Sent): boolean => {
  if (!stamp) return false;
  return address === from ? isFromVerified(address, stamp.evidence) : isEnvelopeVerified(stamp.evidence);
};

const refusalOf = (
  { stamp, isReply }: Sent,
  partner: Partner | undefined,
  isKnown: boolean,
): MailRefusal | undefined => {
  if (!stamp) return 'SENDER_UNVERIFIED';
  if (stamp.verdicts.virus !== 'PASS') return 'VIRUS_SUSPECTED';
  if (!isKnown) return 'SENDER_UNKNOWN';
  if (!partner) return 'SENDER_UNVERIFIED';
  if (!partner.active) return 'PARTNER_INACTIVE';
  if (isReply) return 'AUTOMATIC_REPLY';
  return stamp.verdicts.spam === 'FAIL' ? 'SPAM_SUSPECTED' : undefined;
};

/** Who sent a mail, as far as SES could prove it, and whether that is somebody who may order by mail. */
export const judgeSender = async (head: Sent, partners: SenderLookup): Promise<JudgedSender> => {
  const known = await onFile(head, partners);
  const partner = known && isVerified(known.address, head) ? known.partner : undefined;
  const refusal = refusalOf(head, partner, known !== undefined);
  return {
    address: known?.address ?? head.from ?? head.stamp?.evidence.envelopeFrom ?? '',
    ...(partner && { partner }),
    ...(refusal && { refusal }),
    mayAnswer: partner?.active === true && !head.isAutomatic,
  };
};
