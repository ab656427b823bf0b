import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCases } from '../../local/conformance/recorded-case.ts';
import { runCases } from '../../local/conformance/run-cases.ts';
import { sharedCasesPath } from '../../local/conformance/shared-cases.ts';

const isPresent = existsSync(sharedCasesPath);
if (!isPresent) {
  console.warn(
    `Conformance with AWS was NOT tested: there are no recorded executions at ${sharedCasesPath}.`,
  );
}

/** Recordings that the engine differs from on purpose, each with the reason. */
const knownDifferences = {
  'assign-reference-variables-reference-in-map-state-map-state-reference-in-max-concurrency-p':
    'recorded with JSONPath, which takes a number written as a text; JSONata fields take numbers only',
  'callback-start-execution-sync': 'recorded before DescribeExecution told of redrives',
  'callback-start-execution-sync-delegate-failure': 'recorded before DescribeExecution told of redrives',
  'states-errors-service-task-lambada-catch-state-all-data-limit-exceeded-on-large-utf8-respo':
    'recorded with JSONPath; by the documentation States.ALL does not catch States.DataLimitExceeded',
  'states-errors-task-lambda-catch-state-all-data-limit-exceeded-on-large-utf8-response':
    'recorded with JSONPath; by the documentation States.ALL does not catch States.DataLimitExceeded',
};

describe.skipIf(!isPresent)('executions recorded on AWS', () => {
  test('write the same histories here, but for the known differences', { timeout: 120_000 }, async () => {
    const results = await runCases(await readCases(sharedCasesPath));
    const idsOf = (wanted: string) => results.filter(({ outcome }) => outcome === wanted).map(({ id }) => id);
    expect(idsOf('failed').sort()).toEqual(Object.keys(knownDifferences).sort());
    expect(idsOf('passed').length).toBeGreaterThanOrEqual(225);
  });
});
