import { grantsReport } from '../../local/iam/grants-report.ts';
import { exerciseGrants } from './exercise.ts';
import { whyUnused } from './explained-grants.ts';

/** Prints what each role, and each resource with a policy, is granted beside what was used of it. */
const report = grantsReport(await exerciseGrants((line) => console.error(line)));
const short = (arn: string): string => arn.replace(/^arn:aws:/, '').replace('us-east-1:000000000000:', '');
let unexplained = 0;
for (const { holder, used, unused, unserved } of report) {
  console.log(short(holder));
  for (const { grant, calls, isNeeded } of used)
    console.log(
      `  used ${String(calls).padStart(5)} ×  ${grant.action}  ${short(grant.resource)}${isNeeded ? '' : '  (another grant allows it too)'}`,
    );
  for (const grant of unused)
    console.log(
      `  UNUSED        ${grant.action}  ${short(grant.resource)}: ${whyUnused(grant) ?? 'NO REASON KNOWN'}`,
    );
  for (const { grant, reason } of unserved) console.log(`  not here      ${grant.action}: ${reason}`);
  unexplained += unused.filter((grant) => whyUnused(grant) === undefined).length;
}
const count = (pick: (one: (typeof report)[number]) => unknown[]): number => report.flatMap(pick).length;
console.log(
  `${count(({ used }) => used)} used, ${count(({ unused }) => unused)} unused, ${unexplained} of them without a reason`,
);
process.exitCode = unexplained === 0 ? 0 : 1;
