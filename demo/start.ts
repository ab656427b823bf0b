import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDesk } from './desk.ts';

const usage = `npm start [-- --fresh] [--port N] [--state DIR]

  --fresh      forget all state and load the sample data anew
  --port N     serve the API on port N and the rest on the ports after it (default 4510)
  --state DIR  keep state in DIR (default .rudan)`;

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      fresh: { type: 'boolean', default: false },
      port: { type: 'string', default: '4510' },
      state: { type: 'string', default: join(import.meta.dirname, '..', '.rudan') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !/^\d{1,5}$/.test(values.port)) {
    console.log(usage);
    process.exit(values.help ? 0 : 2);
  }
  return { fresh: values.fresh, port: Number(values.port), stateDir: values.state };
};

const desk = await openDesk({ ...readOptions(), progress: (line) => console.log(line) });
const { apiUrl, inboxUrl, uploadDir, documentsDir } = desk.endpoints;
console.log(`
The order desk is open. Ctrl-C closes it; state stays.

  API        ${apiUrl}/v1/orders
  Mail       ${inboxUrl}
  Uploads    ${uploadDir}/<partnerId>/   (copy a spreadsheet there)
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
