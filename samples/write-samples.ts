import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSampleMails } from './mails/make-mails.ts';
import { makeSampleSpreadsheets } from './spreadsheets/make-spreadsheets.ts';

const folder = process.argv[2] ?? 'sample-files';
const now = new Date();
await mkdir(folder, { recursive: true });
for (const { name, bytes, story } of [
  ...(await makeSampleSpreadsheets(now)),
  ...(await makeSampleMails(now)),
]) {
  await writeFile(join(folder, name), bytes);
  console.log(`${join(folder, name)}: ${story}`);
}
