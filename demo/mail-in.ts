import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { endpointsSchema } from './desk.ts';
import { doneFile, type HandedIn, handedInSchema } from './mail-folder.ts';

const usage = `npm run mail-in -- FILE.eml [--to ADDRESS] [--state-dir DIR]

  Hands a mail to the desk that "npm start" runs on this machine, as the mail service would.

  --to ADDRESS     its recipient (default: the order address)
  --state-dir DIR  where the desk keeps its state (default .rudan)

Exit codes: 0 received; 1 refused at the door; 2 the command line is wrong; 3 no desk runs.`;

const waitMs = 20_000;

/** Puts a mail into the folder that the desk watches, and waits for what becomes of it; undefined when nobody took it. */
const handIn = async (file: string, mailInDir: string, to?: string): Promise<HandedIn | undefined> => {
  const folder = to ? join(mailInDir, to) : mailInDir;
  const name = `${randomUUID()}-${basename(file).replace(/(\.eml)?$/i, '.eml')}`;
  await mkdir(folder, { recursive: true });
  await copyFile(file, join(folder, `.${name}`));
  await rename(join(folder, `.${name}`), join(folder, name));
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; await sleep(100)) {
    const told = await readFile(`${doneFile(mailInDir, name)}.json`, 'utf8').catch(() => undefined);
    if (told !== undefined) return handedInSchema.parse(JSON.parse(told));
  }
  await rm(join(folder, name), { force: true });
  return undefined;
};

const readCommandLine = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      'state-dir': { type: 'string', default: join(import.meta.dirname, '..', '.rudan') },
      help: { type: 'boolean', default: false },
    },
  });
  const [file, ...others] = positionals;
  const isWrong = file === undefined || others.length > 0 || /[/\\]/.test(values.to ?? '');
  return values.help || isWrong
    ? { help: values.help }
    : { file, to: values.to, stateDir: values['state-dir'] };
};

const run = async (): Promise<number> => {
  const asked = readCommandLine();
  if (asked.file === undefined) {
    console.log(usage);
    return asked.help ? 0 : 2;
  }
  const { file, to, stateDir } = asked;
  const text = await readFile(join(stateDir, 'endpoints.json'), 'utf8').catch(() => undefined);
  const endpoints = text === undefined ? undefined : endpointsSchema.parse(JSON.parse(text));
  const handedIn = endpoints && (await handIn(file, endpoints.mailInDir, to));
  if (!handedIn) {
    console.error(`No desk runs on the state in ${stateDir}. Start it with "npm start".`);
    return 3;
  }
  if (handedIn.outcome === 'refused') {
    console.error(`Refused: ${handedIn.reason}`);
    return 1;
  }
  console.log(`Received as ${handedIn.mailId}. What comes of it is answered by mail: ${endpoints.inboxUrl}`);
  return 0;
};

process.exitCode = await run().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  return 2;
});
