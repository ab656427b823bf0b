/** What becomes of a mail at one of its addresses. */
export type Fate = 'delivered' | 'bounced' | 'complained' | 'suppressed' | 'rejected';

const simulator = /^([^+@]*)(?:\+[^@]*)?@simulator\.amazonses\.com$/i;

const fates: Record<string, Fate> = {
  success: 'delivered',
  ooto: 'delivered',
  bounce: 'bounced',
  complaint: 'complained',
  suppressionlist: 'suppressed',
};

const mailboxOf = (address: string): string | undefined => simulator.exec(address)?.[1]?.toLowerCase();

export const isSimulated = (address: string): boolean => mailboxOf(address) !== undefined;

/** What Amazon's mailbox simulator does at an address: one that it does not know bounces. Others take every mail. */
export const fateAt = (address: string): Fate => {
  const mailbox = mailboxOf(address);
  return mailbox === undefined ? 'delivered' : (fates[mailbox] ?? 'bounced');
};

/** Whether a bounce or a complaint there puts the address on the suppression list: not so at the known mailboxes. */
export const isSuppressible = (address: string): boolean => {
  const mailbox = mailboxOf(address);
  return mailbox === undefined || fates[mailbox] === undefined;
};

/** Whether somebody there answers that he is out of the office. */
export const isOutOfOffice = (address: string): boolean => mailboxOf(address) === 'ooto';

/** Whether a message carries the test file by which virus scanners are tried. */
export const isInfected = (contents: readonly Buffer[]): boolean =>
  contents.some((content) => content.includes('EICAR-STANDARD-ANTIVIRUS-TEST-FILE!'));
