import { writeFileSync } from 'node:fs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { test } from 'vitest';
import { aStack } from './a-stack.ts';

test('try', () => {
  const t = performance.now();
  const { app, template } = aStack({ context: { retainData: 'false' } });
  console.log(performance.now() - t);
  writeFileSync('/tmp/template.json', JSON.stringify(template.toJSON(), null, 1));
  const r = new AwsSolutionsChecks().validateScope(app);
  for (const v of r.violations)
    console.log(v.ruleName, v.violatingResources.map((x) => x.constructPath).join('  '));
  console.log(performance.now() - t);
});
