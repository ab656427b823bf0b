import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { readOrderFile } from '../../../../functions/intake/read-order-file.ts';
import { InvalidFile } from '../../../../functions/intake/readers/invalid-file.ts';
import { aPartner } from '../../../builders/a-partner.ts';
import { now, timeZone } from '../../sample-orders.ts';

/** The program of the process that reads hostile files: one after the other, as its parent names them. */

const milliseconds = 30_000;

const outcomeOf = async (file: string) => {
  try {
    const signal = AbortSignal.timeout(milliseconds);
    const { orders } = await readOrderFile(await readFile(file), {
      partner: aPartner(),
      now,
      timeZone,
      signal,
    });
    return { outcome: 'read', orders: orders.length };
  } catch (error) {
    return error instanceof InvalidFile
      ? { outcome: 'refused', refusal: error.refusal, detail: error.detail }
      : { outcome: 'crashed', error: String(error) };
  }
};

process.on('message', async (message) => {
  const outcome = await outcomeOf(z.string().parse(message));
  process.send?.({ ...outcome, peakMegabytes: process.resourceUsage().maxRSS / 1024 });
});
