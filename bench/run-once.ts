import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import * as z from 'zod';

const resultSchema = z.object({
  milliseconds: z.number(),
  cpuMilliseconds: z.number(),
  peakMegabytes: z.number(),
  rows: z.int().optional(),
  orders: z.int().optional(),
  batches: z.int().optional(),
  puts: z.int().optional(),
  gets: z.int().optional(),
});
export type RunResult = z.infer<typeof resultSchema>;

export const programs = join(import.meta.dirname, 'once');

/** A program of ours as it is deployed: one bundled file. */
export const bundleProgram = async (name: string, folder: string): Promise<string> => {
  const outfile = join(folder, `${basename(name, '.ts')}.mjs`);
  await build({
    entryPoints: [join(programs, name)],
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

/**
 * Young objects get at most 3 × 16 MB, for every reader alike: left alone, Node takes 128 MB and more for them on a machine
 * with much memory, whatever a program holds.
 */
const flags = ['--max-semi-space-size=16'];

/** Runs a program of the bench in a fresh process, so that the peak of memory is its own. */
export const runOnce = async (program: string, ...args: string[]): Promise<RunResult> => {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, ...args]);
  return resultSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
};
