import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import * as z from 'zod';
import { markdownTable } from './table.ts';
import { writeOrderFile } from './write-order-file.ts';

const resultSchema = z.object({ orders: z.int(), milliseconds: z.number(), peakMegabytes: z.number() });

/** The reader as it is deployed: one bundled file. */
const bundleReader = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'read-file-once.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'read-file-once.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  });
  return outfile;
};

/** Reads a file in a fresh process, so that the peak of memory is this file's. */
const readInProcess = (reader: string, file: string) =>
  resultSchema.parse(
    JSON.parse(
      execFileSync(process.execPath, [reader, file], {
        encoding: 'utf8',
      }),
    ),
  );

/** Time and memory to read and check files of 1,000 and 10,000 rows. */
export const benchFiles = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'rudan-bench-files-'));
  try {
    const reader = await bundleReader(folder);
    const rows: (string | number)[][] = [];
    for (const format of ['xlsx', 'csv'] as const) {
      for (const count of [1000, 10_000]) {
        const file = join(folder, `${count}.${format}`);
        const bytes = await writeOrderFile(file, format, count);
        const { orders, milliseconds, peakMegabytes } = readInProcess(reader, file);
        rows.push([
          format,
          count,
          orders,
          Math.round(bytes / 1000),
          (milliseconds / 1000).toFixed(2),
          Math.round(count / (milliseconds / 1000)),
          Math.round(peakMegabytes),
        ]);
      }
    }
    return markdownTable(['Format', 'Rows', 'Orders', 'kB', 'Seconds', 'Rows/s', 'Peak memory, MB'], rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
