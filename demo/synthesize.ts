import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');

const sources = [
  'build/**/*.ts',
  'demo/synthesize.ts',
  'domain/**/*.ts',
  'functions/**/*.ts',
  'infra/**/*.ts',
  'statemachines/*.json',
  'cdk.json',
  'package-lock.json',
];

const hashOfSources = (): string => {
  const hash = createHash('sha256');
  for (const file of globSync(sources, { cwd: root }).sort())
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
};

/** Nothing here asks anybody outside this machine. */
const withoutNetwork = ['--context', 'checkMailDomains=false'];

const cdkCommand = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');

/** Builds the bundles and synthesizes the app, unless `cdk.out` was made from the very same sources. Returns its folder. */
export const synthesize = async (): Promise<string> => {
  const output = join(root, 'cdk.out');
  const mark = join(output, 'sources.sha256');
  const hash = hashOfSources();
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return output;
  const command = [cdkCommand(), 'synth', '--quiet', '--output', output, ...withoutNetwork];
  await promisify(execFile)(process.execPath, command, { cwd: root });
  writeFileSync(mark, hash);
  return output;
};
