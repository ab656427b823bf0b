import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { type PlantedBug, plantedBugs } from './bugs.ts';

const root = join(import.meta.dirname, '..', '..');

const reportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) }),
  ),
});

/** A copy of the working tree, so that no bug is ever planted in the tree itself. */
const copyTree = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'rudan-planted-'));
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await promisify(execFile)('git', list, { cwd: root, maxBuffer: 2 ** 24 });
  for (const file of stdout.split('\0').filter(Boolean))
    await cp(join(root, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      // A file deleted and not yet committed.
      if (error.code !== 'ENOENT') throw error;
    });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
};

/** Runs the tests in the copy; the names of those that failed, and how many passed. */
const runTests = async (folder: string, tests: readonly string[]) => {
  const reportFile = join(folder, 'report.json');
  await rm(reportFile, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const run = spawn(
    process.execPath,
    [vitest, 'run', '--reporter=json', `--outputFile=${reportFile}`, ...tests],
    { cwd: folder, stdio: 'ignore' },
  );
  await new Promise((resolve) => run.once('exit', resolve));
  const report = reportSchema.parse(JSON.parse(await readFile(reportFile, 'utf8')));
  return {
    passed: report.numPassedTests,
    failed: report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    ),
  };
};

/** Plants a bug for as long as `act` takes. */
const withBug = async <Result>(folder: string, bug: PlantedBug, act: () => Promise<Result>) => {
  const file = join(folder, bug.file);
  const source = await readFile(file, 'utf8');
  const places = source.split(bug.find).length - 1;
  if (places !== 1) throw new Error(`${bug.id}: the text to replace stands ${places} times in ${bug.file}`);
  await writeFile(
    file,
    source.replace(bug.find, () => bug.replace),
  );
  try {
    return await act();
  } finally {
    await writeFile(file, source);
  }
};

const wanted = process.argv.slice(2);
const bugs = plantedBugs.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const folder = await copyTree();
let missed = 0;
try {
  const tests = [...new Set(bugs.flatMap((bug) => bug.tests))];
  const clean = await runTests(folder, tests);
  if (clean.failed.length > 0)
    throw new Error(`without any bug these tests fail already: ${clean.failed.join('; ')}`);
  for (const bug of bugs) {
    const { failed } = await withBug(folder, bug, () => runTests(folder, bug.tests));
    if (failed.length === 0) missed += 1;
    const verdict = failed.length === 0 ? 'NOT CAUGHT' : `caught by ${failed.length}: ${failed[0]}`;
    console.log(`${bug.id}: ${bug.what}\n  ${verdict}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${bugs.length - missed} caught, ${missed} not caught`);
process.exitCode = missed === 0 ? 0 : 1;
