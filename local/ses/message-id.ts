import { randomUUID } from 'node:crypto';

/** As SES names mails and feedback: the time first, so that they sort. */
export const newMessageId = (nowMs: number): string =>
  `0100${nowMs.toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
