import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDesk } from './desk.ts';

const usage = `npm start [-- --fresh] [--port N] [--state-dir DIR] [--empty]

  --fresh          forget all state first
  --port N         serve the API on port N and the rest on the ports after it (default 4510)
  --state-dir DIR  keep state in DIR (default .rudan)
  --empty          load no sample data: no partner, no product, as a new deployment is`;

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      fresh: { type: 'boolean', default: false },
      port: { type: 'string', default: '4510' },
      'state-dir': { type: 'string', default: join(import.meta.dirname, '..', '.rudan') },
      empty: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !/^\d{1,5}$/.test(values.port)) {
    console.log(usage);
    process.exit(values.help ? 0 : 2);
  }
  return {
    fresh: values.fresh,
    port: Number(values.port),
    stateDir: values['state-dir'],
    samples: !values.empty,
  };
};

const desk = await openDesk({ ...readOptions(), progress: (line) => console.log(line) }).catch(
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
const { apiUrl, inboxUrl, uploadDir, mailInDir, documentsDir } = desk.endpoints;
console.log(`
The order desk is open. Ctrl-C closes it; state stays.

  API        ${apiUrl}/v1/orders
  Mail       ${inboxUrl}
  Uploads    ${uploadDir}/<partnerId>/   (copy a spreadsheet there; below pos/ and sales-form/ it counts as that channel)
  Mail in    ${mailInDir}   (copy a mail with one there, as .eml)
  Documents  ${documentsDir}

Keys and tokens are in endpoints.json in the state folder.`);

let isClosing = false;
const close = () => {
  if (isClosing) return;
  isClosing = true;
  console.log('\nClosing …');
  desk.close().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
};
process.on('SIGINT', close);
process.on('SIGTERM', close);
