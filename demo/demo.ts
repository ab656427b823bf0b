import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDesk } from './desk.ts';
import { followOrders } from './follow-orders.ts';
import { followUpload } from './follow-uploads.ts';
import { ordersTableText, uploadsTableText } from './outcome-table.ts';
import { dropSampleSpreadsheets, postSampleOrders, sendSampleMails } from './submit-samples.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, temporary: { type: 'boolean', default: false } },
});

/** The table, or the one JSON document, is all that goes to stdout. */
const progress = (line: string) => console.error(line);

const stateDir = values.temporary
  ? await mkdtemp(join(tmpdir(), 'rudan-demo-'))
  : join(import.meta.dirname, '..', '.rudan-demo');
const timeZone = 'Asia/Shanghai';
const timeoutMs = 4 * 60_000;

const desk = await openDesk({ stateDir, port: 0, fresh: true, samples: true, progress });
try {
  const { endpoints } = desk;
  const keyOf = (partnerId: string): string => {
    const partner = endpoints.partners.find((candidate) => candidate.partnerId === partnerId);
    if (!partner) throw new Error(`no key for ${partnerId}`);
    return partner.apiKey;
  };
  progress('Dropping three spreadsheets into the upload folder …');
  const sheets = await dropSampleSpreadsheets(endpoints, new Date());
  progress('Mailing two orders …');
  const mails = await sendSampleMails(endpoints, new Date());
  progress('Posting twenty orders …');
  const posted = await postSampleOrders(endpoints, keyOf, new Date(), timeZone);
  progress('Waiting for the results of the files …');
  const files = await Promise.all(
    [...sheets, ...mails].map((sheet) => followUpload(endpoints, sheet, timeoutMs)),
  );
  progress('Playing the payer, the warehouse and the carrier; one order is left unpaid for a minute …');
  const orders = await followOrders([...posted, ...files.flatMap((file) => file.orders)], {
    endpoints,
    stateDir,
    keyOf,
    timeoutMs,
    progress,
  });
  const uploads = files.map((file) => file.upload);
  const ok = [...orders, ...uploads].every(({ problem }) => problem === undefined);
  const { apiUrl, inboxUrl, mailDir, documentsDir } = endpoints;
  if (values.json) {
    console.log(
      JSON.stringify(
        { ok, orders, uploads, addresses: { apiUrl, inboxUrl, mailDir, documentsDir } },
        null,
        2,
      ),
    );
  } else {
    console.log(`\n${uploadsTableText(uploads)}\n\n${ordersTableText(orders)}\n`);
    console.log(`API        ${apiUrl}`);
    console.log(`Mail       ${inboxUrl}   (${mailDir})`);
    console.log(`Documents  ${documentsDir}`);
    console.log(
      `\nThe demo is over and its servers are closed; "npm start -- --state-dir ${stateDir}" opens them again.`,
    );
    console.log(ok ? 'Every order ended as expected.' : 'Not every order ended as expected.');
  }
  process.exitCode = ok ? 0 : 1;
} finally {
  await desk.close();
  if (values.temporary) await rm(stateDir, { recursive: true, force: true });
}
