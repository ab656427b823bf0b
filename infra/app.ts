import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { RudanStack } from './rudan-stack.ts';
import { readSettings } from './settings.ts';

const root = join(import.meta.dirname, '..');

const app = new App();
new RudanStack(app, {
  settings: readSettings(app.node),
  distFolder: join(root, 'dist'),
  stateMachinesFolder: join(root, 'statemachines'),
});
Validations.of(app).addPlugins(new AwsSolutionsChecks());
app.synth();
