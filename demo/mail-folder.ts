import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { addressParser } from 'postal-mime';
import * as z from 'zod';
import { headerValues, readHeaderSection } from '../functions/intake/mail-in/header-section.ts';
import { MailRefused, type ReceiveMail } from '../local/ses/receive.ts';

export const handedInSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('received'), mailId: z.string() }),
  z.object({ outcome: z.literal('refused'), reason: z.string() }),
]);
/** What became of a mail at the door, as it stands in `done/<file>.json`. */
export type HandedIn = z.infer<typeof handedInSchema>;

const doneFolder = 'done';
const pollMs = 300;

/** Where a mail lies once it was handed in, beside what became of it. */
export const doneFile = (folder: string, name: string): string => join(folder, doneFolder, name);

/** SMTP’s MAIL FROM, as a mail that was delivered tells it, else its From. */
const envelopeFrom = (raw: Buffer): string => {
  const headers = readHeaderSection(raw) ?? [];
  const values = [...headerValues(headers, 'return-path'), ...headerValues(headers, 'from')];
  return values.flatMap((value) => addressParser(value, { flatten: true })).at(0)?.address ?? '';
};

const handIn = async (raw: Buffer, to: string, receive: ReceiveMail): Promise<HandedIn> => {
  try {
    const { messageId } = await receive(raw, { from: envelopeFrom(raw), to: [to] });
    return { outcome: 'received', mailId: messageId };
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    return { outcome: 'refused', reason: error.message };
  }
};

const mailsIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map((entry) => {
      const { name } = entry;
      if (entry.isDirectory()) return name.includes('@') ? mailsIn(join(folder, name)) : [];
      return name.endsWith('.eml') && !name.startsWith('.') ? [join(folder, name)] : [];
    }),
  );
  return found.flat();
};

const stampOf = async (path: string): Promise<string> => {
  const { size, mtimeMs } = await stat(path);
  return `${size}:${mtimeMs}`;
};

export type MailFolderOptions = {
  folder: string;
  /** Where mails go that lie in the folder itself; those in a folder below it, to the address that it is called by. */
  orderAddress: string;
  receive: ReceiveMail;
  progress: (line: string) => void;
};

/** Hands in every mail (.eml) that is put into a folder, once it stands still between two looks. */
export const watchMailFolder = async ({ folder, orderAddress, receive, progress }: MailFolderOptions) => {
  await mkdir(join(folder, doneFolder), { recursive: true });
  let seen = new Map<string, string>();
  let isEnded = false;
  let timer: NodeJS.Timeout | undefined;

  const take = async (path: string) => {
    const name = basename(path);
    const parent = basename(dirname(path));
    const to = parent.includes('@') ? parent : orderAddress;
    const handedIn = await handIn(await readFile(path), to, receive);
    const done = doneFile(folder, name);
    await rename(path, done);
    await writeFile(`${done}.json.new`, JSON.stringify(handedIn));
    await rename(`${done}.json.new`, `${done}.json`);
    progress(
      handedIn.outcome === 'received'
        ? `Mail ${name} received as ${handedIn.mailId}`
        : `Mail ${name} to ${to} refused: ${handedIn.reason}`,
    );
  };

  const look = async () => {
    const paths = await mailsIn(folder);
    const now = new Map(await Promise.all(paths.map(async (path) => [path, await stampOf(path)] as const)));
    const settled = paths.filter((path) => seen.get(path) === now.get(path));
    seen = now;
    for (const path of settled) if (!isEnded) await take(path);
  };

  const run = async () => {
    await look().catch((error: unknown) => progress(`A mail could not be handed in: ${error}`));
    if (!isEnded) timer = setTimeout(start, pollMs);
  };
  let running: Promise<void> = Promise.resolve();
  function start() {
    running = run();
  }
  start();
  return {
    close: async () => {
      isEnded = true;
      clearTimeout(timer);
      await running;
    },
  };
};
