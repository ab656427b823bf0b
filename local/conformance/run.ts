import { existsSync } from 'node:fs';
import { readCases } from './recorded-case.ts';
import { runCases } from './run-cases.ts';
import { sharedCasesPath } from './shared-cases.ts';

const [file = sharedCasesPath] = process.argv.slice(2);

if (existsSync(file)) {
  const results = await runCases(await readCases(file));
  for (const { id, outcome, reason } of results) {
    if (outcome !== 'passed') console.log(`${outcome}: ${id}\n  ${reason}`);
    else if (reason !== '') console.log(`passed as AWS was when recorded: ${id}\n  ${reason}`);
  }
  const count = (wanted: string) => results.filter(({ outcome }) => outcome === wanted).length;
  console.log(`${count('skipped')} skipped`);
  console.log(`${count('passed')} passed, ${count('failed')} failed`);
  process.exitCode = count('failed') > 0 ? 1 : 0;
} else {
  console.error(`There is no file of recorded cases at ${file}; name one: npm run conformance -- FILE`);
  process.exitCode = 1;
}
