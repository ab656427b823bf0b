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

const mapStates = 'base-scenarios-map-state';

/** Recordings of an AWS that wrote one thing differently then; all else of them is the same. */
const olderThanAws = [
  // The exit of a distributed Map followed MapRunSucceeded, until some day between June and November 2024.
  `${mapStates}-config-distributed-item-selector`,
  `${mapStates}-config-distributed-parameters`,
  `${mapStates}-config-inline-item-selector`,
  `${mapStates}-legacy-config-distributed`,
  `${mapStates}-legacy-config-distributed-parameters`,
  `${mapStates}-tolerated-failure-count-path-0`,
  `${mapStates}-tolerated-failure-count-path-1`,
  `${mapStates}-tolerated-failure-values-count-literal`,
  `${mapStates}-tolerated-failure-values-percentage-literal`,
  // DescribeExecution did not tell of redrives before November 2023.
  'callback-start-execution-sync',
  'callback-start-execution-sync-delegate-failure',
];

describe.skipIf(!isPresent)('executions recorded on AWS', () => {
  test('write the same histories here', { timeout: 120_000 }, async () => {
    const cases = await readCases(sharedCasesPath);
    const results = await runCases(cases);
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(results.filter(({ reason }) => reason !== '').map(({ id }) => id)).toEqual(olderThanAws);
    expect(results.length).toBeGreaterThanOrEqual(243);
  });
});
