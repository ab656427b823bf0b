import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { RudanStack } from '../../infra/rudan-stack.ts';
import { readSettings } from '../../infra/settings.ts';

const projectRoot = join(import.meta.dirname, '../..');

export const stateMachinesFolder = join(projectRoot, 'statemachines');

const apiFunctions = [
  'authorize',
  'place-order',
  'validate-order',
  'read-order',
  'list-orders',
  'list-order-events',
  'cancel-order-request',
  'record-payment',
  'record-outbound-slip',
  'record-shipment',
  'record-carrier-event',
  'request-upload',
  'read-upload-status',
  'read-template',
  'read-openapi',
  'list-inbound-mails',
  'list-all-orders',
  'tag-order',
  'count-orders',
  'list-findings',
  'assign-finding',
  'resolve-finding',
  'list-rules',
  'read-rules',
  'load-rules',
  'load-prices',
  'load-products',
  'answer-questions',
  'open-answer-page',
  'answer-by-link',
];

export const orderSteps = [
  'audit-order',
  'reserve-stock',
  'await-payment',
  'await-outbound-slip',
  'await-shipment',
  'issue-invoice',
  'await-delivery',
  'complete-order',
  'hold-order',
  'cancel-order',
  'reject-order',
  'report-stuck-order',
];

export const uploadSteps = ['read-upload', 'submit-batch', 'write-upload-result', 'fail-upload'];

export const allFunctions = [
  ...apiFunctions,
  ...orderSteps,
  ...uploadSteps,
  'receive-mail',
  'send-mail',
  'record-mail-feedback',
  'sweep-orders',
];

const cdkContext = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8'))).context;

export const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const aMachine = (steps: string[]): string => steps.map((name) => `\${${pascalCase(name)}}`).join(' ');

/** A folder with a bundle for each function, and machines that name each step: what a stack needs on disk. */
const fakeBuild = (folder: string): void => {
  for (const name of allFunctions) {
    mkdirSync(join(folder, 'dist', name), { recursive: true });
    writeFileSync(join(folder, 'dist', name, 'index.mjs'), `export const handler = () => '${name}';\n`);
  }
  mkdirSync(join(folder, 'statemachines'));
  writeFileSync(join(folder, 'statemachines/order.asl.json'), aMachine(orderSteps));
  writeFileSync(join(folder, 'statemachines/upload.asl.json'), aMachine(uploadSteps));
};

type StackOptions = {
  context?: Record<string, unknown>;
  /** Changes what stands on disk before the stack is made. */
  prepare?: (folder: string) => void;
  /** Checks the template against CloudFormation's own rules, which takes a second. */
  validate?: boolean;
};

/** Makes the stack with the flags of cdk.json, out of bundles that stand in for the real ones, and removes all files after. */
export const aStack = ({ context = {}, prepare = () => {}, validate = false }: StackOptions = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'rudan-infra-'));
  try {
    fakeBuild(folder);
    prepare(folder);
    const app = new App({
      context: { ...cdkContext, ...context },
      outdir: join(folder, 'cdk.out'),
      builtinCloudFormationValidation: validate,
    });
    const stack = new RudanStack(app, {
      settings: readSettings(app.node),
      distFolder: join(folder, 'dist'),
      stateMachinesFolder: join(folder, 'statemachines'),
    });
    return { app, stack, template: Template.fromStack(stack) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Id and properties of the one resource of a type whose logical id holds the text. */
export const resource = (template: Template, type: string, idPart: string) => {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.includes(idPart));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} × ${type} called …${idPart}…`);
  return { id: only[0], ...only[1].Properties };
};

/** The function of that name; ids begin with the part of the stack that it belongs to. */
export const functionResource = (template: Template, name: string) => {
  const id = new RegExp(`^(?:Api|Orders|Uploads|Mail|MailIn|Watch)${pascalCase(name)}Function[0-9A-F]{8}$`);
  const found = Object.keys(template.findResources('AWS::Lambda::Function')).find((key) => id.test(key));
  if (found === undefined) throw new Error(`The stack has no function ${name}.`);
  return resource(template, 'AWS::Lambda::Function', found);
};

export type Statement = {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
};

/** What the policies of a role allow, whether its own or shared. */
export const statementsOf = (template: Template, roleId: string): Statement[] =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref?: string }) => Ref === roleId))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

/** Writes an ARN of the template as text: `<LogicalId.Arn>` and `<AWS::Region>` where it refers to something. */
export const asText = (value: unknown): string => {
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(value);
  if (typeof value === 'string') return value;
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  if (join !== undefined) return join[1].map(asText).join(join[0]);
  throw new Error(`Not a text: ${JSON.stringify(value)}`);
};
