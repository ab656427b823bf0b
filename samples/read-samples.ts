import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { findingCodeSchema } from '../domain/findings/finding.ts';
import { mailTemplates } from '../domain/mail.ts';
import { statuses } from '../domain/orders/status.ts';
import { dayIn } from '../domain/values/calendar.ts';
import { withDays } from './sample-days.ts';

const sampleSchema = z.strictObject({
  story: z.string(),
  partner: z.string(),
  /** What happens after it is placed: it is paid, packed, shipped and delivered; its partner cancels it; or nothing is done. */
  next: z.enum(['deliver', 'deliver-in-two-parcels', 'cancel', 'wait']),
  expected: z.strictObject({
    status: z.enum(statuses),
    /** Templates of the mails it causes, each at least once. */
    mails: z.array(z.enum(mailTemplates)),
    /** Codes of the findings that hold it. */
    findings: z.array(findingCodeSchema).default([]),
  }),
  order: z.looseObject({ customerOrderReference: z.string() }),
});

export type SampleOrder = Omit<z.infer<typeof sampleSchema>, 'partner' | 'order'> & {
  file: string;
  partnerId: string;
  idempotencyKey: string;
  /** As posted to /v1/orders. */
  body: z.infer<typeof sampleSchema>['order'];
};

const folder = join(import.meta.dirname, 'orders');

/**
 * The sample orders by file name, dated from today in the company's zone. On one day they are always the same orders, so
 * that posting them again has no further effect; on the next day they are new ones.
 */
export const readSampleOrders = async (now: Date, timeZone: string): Promise<SampleOrder[]> => {
  const today = dayIn(timeZone, now);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = withDays(await readFile(join(folder, file), 'utf8'), today);
      const { partner: partnerId, order: body, ...sample } = sampleSchema.parse(JSON.parse(text));
      return { ...sample, file, partnerId, body, idempotencyKey: `sample-${body.customerOrderReference}` };
    }),
  );
};
