import { beforeAll, expect, test, vi } from 'vitest';
import { grantKey } from '../../local/iam/grant.ts';
import { grantsReport, type HolderGrants } from '../../local/iam/grants-report.ts';
import type { Usage } from '../../local/iam/usage.ts';
import { exerciseGrants } from '../grants/exercise.ts';
import { whyUnused } from '../grants/explained-grants.ts';

vi.setConfig({ hookTimeout: 300_000 });

let usage: Usage;
let report: HolderGrants[];
beforeAll(async () => {
  usage = await exerciseGrants(() => {});
  report = grantsReport(usage);
});

test('whatever the desk does, its policies allow it', () => {
  expect(usage.calls.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
  expect(usage.calls.length).toBeGreaterThan(150);
});

test('no role and no resource is granted what nothing uses, but for what is explained', () => {
  const unused = report.flatMap((holder) => holder.unused);
  const unexplained = unused.filter((grant) => whyUnused(grant) === undefined);
  expect(unexplained.map(({ holder, action, resource }) => `${holder} ${action} ${resource}`)).toEqual([]);
});

test('every grant is needed: with any one of them removed, a call that was made would be refused', () => {
  const used = report.flatMap((holder) => holder.used);
  expect(used.length).toBeGreaterThan(150);
  const spare = used.filter(({ isNeeded }) => !isNeeded).map(({ grant }) => grantKey(grant));
  expect(spare).toEqual([]);
});
