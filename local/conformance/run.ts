import { fileURLToPath } from 'node:url';
import { readCases } from './recorded-case.ts';
import { runCases } from './run-cases.ts';

const sharedCases = fileURLToPath(new URL('../../../shared/data/asl/asl-cases.json', import.meta.url));
const [file = sharedCases] = process.argv.slice(2);

const results = await runCases(await readCases(file));
const failed = results.filter(({ difference }) => difference !== undefined);
for (const { id, difference } of failed) console.log(`${id}\n  ${difference}`);
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
