import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { expect, test } from 'vitest';
import { aStack } from './a-stack.ts';

type Accepted = { path: string; rule: string; reason: string };

/** Every finding that the stack answers, with its reason. */
const acceptedRisks = (root: IConstruct): Accepted[] =>
  root.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<string>(data))
      .map(([id, reason]) => ({
        path: node.path,
        rule: id.replace(/^.*::AwsSolutions-|^AwsSolutions-/, ''),
        reason,
      })),
  );

const { app } = aStack();
const accepted = acceptedRisks(app);

test.for(['true', 'false'])(
  'AwsSolutions finds nothing that is not answered, with retainData=%s',
  (retainData) => {
    const stack = aStack({ context: { retainData } });
    const { violations } = new AwsSolutionsChecks().validateScope(stack.app);
    expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
  },
);

test('the template is one that CloudFormation takes', () => {
  expect(() => aStack({ validate: true })).not.toThrow();
});

test('every answered finding has its reason', () => {
  for (const { reason } of accepted) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
});

test('the number of answered findings is pinned: a new one is a decision', () => {
  const counts: Record<string, number> = {};
  for (const { rule } of accepted) {
    const name = rule.replace(/\[.*$/, '');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  expect(counts).toEqual({
    APIG2: 1,
    APIG3: 1,
    APIG4: 2,
    COG4: 1,
    COG8: 1,
    IAM4: 1,
    IAM5: 23,
    SF1: 2,
    SF2: 2,
    SQS3: 5,
  });
});

test('every answered finding is one that AwsSolutions would raise', () => {
  const { app: bare } = aStack();
  for (const { node } of bare.node.findAll())
    for (const entry of node.metadata)
      if (entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY) Object.assign(entry, { data: {} });
  const { violations } = new AwsSolutionsChecks().validateScope(bare);
  const raised = violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({ ruleName, path: constructPath ?? '' })),
  );
  const idle = accepted.filter(
    ({ rule, path }) =>
      !raised.some((found) => found.ruleName === `AwsSolutions-${rule}` && found.path.startsWith(`${path}/`)),
  );
  expect(idle.map(({ path, rule }) => `${path}: ${rule}`)).toEqual([]);
});
