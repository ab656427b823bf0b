import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram, programs, type RunResult, runOnce } from './run-once.ts';
import { markdownTable } from './table.ts';
import { writeOrderFile } from './write-order-file.ts';

export const rowCounts = [1000, 10_000, 100_000] as const;

export const told = (rows: number, { milliseconds, cpuMilliseconds, peakMegabytes }: RunResult) => [
  (milliseconds / 1000).toFixed(2),
  (cpuMilliseconds / 1000).toFixed(2),
  Math.round(rows / (milliseconds / 1000)).toLocaleString('en'),
  Math.round(rows / (cpuMilliseconds / 1000)).toLocaleString('en'),
  Math.round(peakMegabytes),
];

/** How much longer than for the size before, which is a tenth: 10 is linear. */
const growth = (run: RunResult, before: RunResult | undefined): string =>
  before ? `× ${(run.milliseconds / before.milliseconds).toFixed(1)}` : '';

/** Time and memory to read and check files, beside what others need to read the same files. */
export const benchFiles = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'rudan-bench-files-'));
  try {
    const readers: [name: string, program: string, formats: string][] = [
      ['Rudan, read and check', await bundleProgram('read-file.ts', folder), 'xlsx csv'],
      ['exceljs, read', join(programs, 'exceljs.ts'), 'xlsx csv'],
      ['read-excel-file, read', join(programs, 'read-excel-file.ts'), 'xlsx'],
    ];
    const before = new Map<string, RunResult>();
    const rows: (string | number)[][] = [];
    for (const format of ['xlsx', 'csv'] as const)
      for (const count of rowCounts) {
        const file = join(folder, `${count}.${format}`);
        const bytes = await writeOrderFile(file, format, count);
        for (const [name, program, formats] of readers) {
          if (!formats.includes(format)) continue;
          const run = await runOnce(program, file);
          if (run.rows !== count) throw new Error(`${name} read ${run.rows} rows of ${count}`);
          const size = `${(bytes / 1e6).toFixed(1)}`;
          const key = `${name} ${format}`;
          rows.push([
            format,
            count.toLocaleString('en'),
            size,
            name,
            ...told(count, run),
            growth(run, before.get(key)),
          ]);
          before.set(key, run);
        }
      }
    return markdownTable(
      [
        'Format',
        'Rows',
        'MB',
        'Reader',
        'Seconds',
        'CPU, s',
        'Rows/s',
        'Rows/s of CPU',
        'Peak memory, MB',
        'Growth',
      ],
      rows,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
