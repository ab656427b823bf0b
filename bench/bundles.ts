import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../build/bundle.ts';
import { markdownTable, quantile } from './table.ts';

const dist = join(import.meta.dirname, '..', 'dist');
const runs = 5;

/** Milliseconds that a fresh process takes to import a bundle, as Lambda does at a cold start. */
const coldImport = (file: string): number => {
  const script = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(file).href)});process.stdout.write(String(performance.now()-t));process.exit(0)`;
  const times = Array.from({ length: runs }, () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
      }),
    ),
  );
  return quantile(times, 0.5);
};

/** Sizes and cold imports of all bundles. */
export const benchBundles = async (): Promise<string> => {
  await bundle();
  const rows = readdirSync(dist, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const file = join(dist, name, 'index.mjs');
      return { name, bytes: statSync(file).size, ms: coldImport(file) };
    })
    .sort((a, b) => b.bytes - a.bytes);
  return markdownTable(
    ['Function', 'kB', `Cold import, ms (median of ${runs})`],
    rows.map(({ name, bytes, ms }) => [name, Math.round(bytes / 1000), Math.round(ms)]),
  );
};
