import type { ConfigurationSet } from './configuration-set.ts';
import { type Header, type Message, newHeader, withoutHeaders, writeMessage } from './header-section.ts';
import { type Fate, fateAt, isInfected, isSuppressible } from './mailbox-simulator.ts';
import type { SuppressionList } from './suppression-list.ts';

const hidden = ['bcc', 'return-path'];
const ofSes = [
  'x-ses-configuration-set',
  'x-ses-message-tags',
  'x-ses-source-arn',
  'x-ses-from-arn',
  'x-ses-return-path-arn',
];

const replaced = (headers: readonly Header[], name: string, value: string): Header[] => {
  const header = newHeader(name, value);
  const isNamed = (one: Header) => one.name.toLowerCase() === name.toLowerCase();
  return headers.some(isNamed) ? headers.map((one) => (isNamed(one) ? header : one)) : [...headers, header];
};

/** Mon, 09 Mar 2026 08:05:01 +0000 */
const mailDate = (ms: number): string => new Date(ms).toUTCString().replace('GMT', '+0000');

/** The message as its recipients get it: blind copies and SES's own headers gone, id and date those of SES. */
export const outgoing = (
  message: Message,
  { id, region, sentAtMs }: { id: string; region: string; sentAtMs: number },
): Buffer => {
  const host = region === 'us-east-1' ? 'email' : region;
  const kept = withoutHeaders(message.headers, [...hidden, ...ofSes]);
  const withId = replaced(kept, 'Message-ID', `<${id}@${host}.amazonses.com>`);
  return writeMessage({ ...message, headers: replaced(withId, 'Date', mailDate(sentAtMs)) });
};

const accountReasons = ['BOUNCE', 'COMPLAINT'] as const;

/** What becomes of a mail at each of its addresses. */
export const decideFates = (
  recipients: readonly string[],
  contents: readonly Buffer[],
  set: ConfigurationSet | undefined,
  suppression: Pick<SuppressionList, 'reasonFor'>,
): Map<string, Fate> => {
  const reasons = set?.suppressedReasons ?? accountReasons;
  const isSick = isInfected(contents);
  const fateOf = (address: string): Fate => {
    if (isSick) return 'rejected';
    const reason = suppression.reasonFor(address);
    return reason !== undefined && reasons.includes(reason) ? 'suppressed' : fateAt(address);
  };
  return new Map(recipients.map((address) => [address, fateOf(address)]));
};

/** Puts addresses that bounced, or whose owners complained, on the list where the set or the account says so. */
export const suppress = async (
  fates: ReadonlyMap<string, Fate>,
  set: ConfigurationSet | undefined,
  suppression: Pick<SuppressionList, 'add'>,
): Promise<void> => {
  const reasons = set?.suppressedReasons ?? accountReasons;
  for (const [address, fate] of fates) {
    const reason = fate === 'bounced' ? 'BOUNCE' : fate === 'complained' ? 'COMPLAINT' : undefined;
    if (reason && reasons.includes(reason) && isSuppressible(address)) await suppression.add(address, reason);
  }
};
