import { cpus, totalmem } from 'node:os';
import { benchAudit } from './audit.ts';
import { benchBundles } from './bundles.ts';
import { benchCost } from './cost.ts';
import { benchFiles } from './files.ts';
import { benchPosting } from './posting.ts';
import { benchThroughput } from './throughput.ts';
import { benchUploads } from './uploads.ts';

const parts = {
  cost: ['Cost of a three-line order on AWS', benchCost],
  audit: ['Audit of an order', benchAudit],
  bundles: ['Bundles and cold imports', benchBundles],
  files: ['Reading and checking a file', benchFiles],
  posting: ['A POST beside its own database writes', benchPosting],
  uploads: ['A file from its arrival to its results', benchUploads],
  rate: ['Orders on this machine', benchThroughput],
} as const;

const [, , only] = process.argv;
const [cpu] = cpus();
console.log(
  `${cpu?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`,
);
for (const [name, [title, run]] of Object.entries(parts)) {
  if (only && only !== name) continue;
  console.log(`## ${title} (npm run bench -- ${name})\n\n${await run()}\n`);
}
