import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBenchDatabase } from './bench-database.ts';
import { rowCounts, told } from './files.ts';
import { microDollars } from './prices.ts';
import { bundleProgram, type RunResult, runOnce } from './run-once.ts';
import { markdownTable } from './table.ts';
import { writeOrderFile } from './write-order-file.ts';

const steps = ['read', 'place', 'write'] as const;
const stepNames = { read: 'Read, check, stage', place: 'Place', write: 'Write results' } as const;

type Capacity = { read: number; write: number };

/** States that a file enters besides those of its batches: two Tasks, a Choice, a Map and the end. */
const fixedTransitions = 5;
const fixedCalls = 2;

const add = (runs: readonly RunResult[], name: 'puts' | 'gets'): number =>
  runs.reduce((sum, run) => sum + (run[name] ?? 0), 0);

/** A function of this memory has this much of a CPU, so that its seconds are longer than this machine's. */
const gigabytes = 1;
const cpuShare = 1024 / 1769;

const costOf = (runs: readonly RunResult[], { read, write }: Capacity): [string, number, number][] => {
  const batches = runs[0]?.batches ?? 0;
  const transitions = fixedTransitions + batches;
  const calls = fixedCalls + batches;
  const seconds = runs.reduce((sum, { cpuMilliseconds }) => sum + cpuMilliseconds, 0) / 1000 / cpuShare;
  const [puts, gets] = [add(runs, 'puts'), add(runs, 'gets') + fixedCalls];
  return [
    ['State transitions', transitions, transitions * microDollars.transition],
    ['Lambda calls', calls, calls * microDollars.lambdaRequest],
    ['Lambda, GB-seconds', seconds * gigabytes, seconds * gigabytes * microDollars.lambdaGigabyteSecond],
    ['DynamoDB write units', write, write * microDollars.writeUnit],
    ['DynamoDB read units', read, read * microDollars.readUnit],
    ['S3 puts', puts, puts * microDollars.s3Put],
    ['S3 gets', gets, gets * microDollars.s3Get],
  ];
};

const costTable = (costs: readonly { rows: number; cost: ReturnType<typeof costOf> }[]): string => {
  const names = costs[0]?.cost.map(([name]) => name) ?? [];
  const total = ({ cost }: (typeof costs)[number]) => cost.reduce((sum, [, , price]) => sum + price, 0);
  const round = (value: number) => Math.round(value).toLocaleString('en');
  return markdownTable(
    ['', ...costs.flatMap(({ rows }) => [`${rows.toLocaleString('en')} rows: count`, 'µ$'])],
    [
      ...names.map((name, index) => [
        name,
        ...costs.flatMap(({ cost }) => [round(cost[index]?.[1] ?? 0), round(cost[index]?.[2] ?? 0)]),
      ]),
      ['**Total**', ...costs.flatMap((one) => ['', `**${round(total(one))}**`])],
      ['A row', ...costs.flatMap((one) => ['', (total(one) / one.rows).toFixed(2)])],
    ],
  );
};

/** What the steps of the upload machine take for files of each size, and what that costs on AWS. */
export const benchUploads = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'rudan-bench-uploads-'));
  const database = await openBenchDatabase(folder);
  try {
    const program = await bundleProgram('take-file.ts', folder);
    const rows: (string | number)[][] = [];
    const costs: { rows: number; cost: ReturnType<typeof costOf> }[] = [];
    const before = new Map<string, RunResult>();
    for (const count of rowCounts) {
      const file = join(folder, `${count}.xlsx`);
      await writeOrderFile(file, 'xlsx', count, `U${count}`);
      database.take();
      const runs: RunResult[] = [];
      for (const step of steps) {
        const run = await runOnce(program, step, folder, database.url, file);
        const earlier = before.get(step);
        const growth = earlier ? `× ${(run.milliseconds / earlier.milliseconds).toFixed(1)}` : '';
        rows.push([count.toLocaleString('en'), stepNames[step], ...told(count, run), growth]);
        before.set(step, run);
        runs.push(run);
      }
      costs.push({ rows: count, cost: costOf(runs, database.take()) });
    }
    const times = markdownTable(
      ['Rows', 'Step', 'Seconds', 'CPU, s', 'Rows/s', 'Rows/s of CPU', 'Peak memory, MB', 'Growth'],
      rows,
    );
    return `${times}\n\n${costTable(costs)}`;
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
