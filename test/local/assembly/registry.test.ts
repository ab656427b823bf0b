import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { createRegistry } from '../../../local/assembly/registry.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assembly-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = {
  region: 'us-east-1',
  accountId: '000000000000',
  sqsUrl: 'http://127.0.0.1:4100',
  cognitoUrl: 'http://127.0.0.1:4200',
};

/** A synthesized app of these stacks, with one folder asset. */
const write = (stacks: Record<string, object>) => {
  const artifacts: Record<string, object> = {
    'App.assets': { type: 'cdk:asset-manifest', properties: { file: 'App.assets.json' } },
    Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
  };
  for (const [name, template] of Object.entries(stacks)) {
    artifacts[name] = { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.json` } };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(template));
  }
  const files = {
    abc: {
      source: { path: 'asset.abc', packaging: 'zip' },
      destinations: { here: { objectKey: 'abc.zip' } },
    },
  };
  mkdirSync(join(folder, 'asset.abc'));
  writeFileSync(join(folder, 'App.assets.json'), JSON.stringify({ files }));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
};

const open = (options: Partial<Parameters<typeof createRegistry>[0]> = {}) =>
  createRegistry({ assembly: readAssembly(folder), place, ...options });

test.for([
  {
    type: 'AWS::DynamoDB::GlobalTable',
    ref: 'Shop-It',
    attribute: 'Arn',
    value: 'arn:aws:dynamodb:us-east-1:000000000000:table/Shop-It',
  },
  { type: 'AWS::S3::Bucket', ref: 'shop-it', attribute: 'Arn', value: 'arn:aws:s3:::shop-it' },
  {
    type: 'AWS::SQS::Queue',
    ref: 'http://127.0.0.1:4100/000000000000/Shop-It',
    attribute: 'Arn',
    value: 'arn:aws:sqs:us-east-1:000000000000:Shop-It',
  },
  {
    type: 'AWS::Lambda::Function',
    ref: 'Shop-It',
    attribute: 'Arn',
    value: 'arn:aws:lambda:us-east-1:000000000000:function:Shop-It',
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    ref: 'arn:aws:states:us-east-1:000000000000:stateMachine:Shop-It',
    attribute: 'Name',
    value: 'Shop-It',
  },
  {
    type: 'AWS::IAM::Role',
    ref: 'Shop-It',
    attribute: 'Arn',
    value: 'arn:aws:iam::000000000000:role/Shop-It',
  },
  {
    type: 'AWS::Events::Rule',
    ref: 'Shop-It',
    attribute: 'Arn',
    value: 'arn:aws:events:us-east-1:000000000000:rule/Shop-It',
  },
])('$type is named after its stack and logical id', ({ type, ref, attribute, value }) => {
  write({ Shop: { Resources: { It: { Type: type } } } });
  const [resource] = open().ofType(type);
  expect(resource?.ref).toBe(ref);
  expect(resource?.attribute(attribute)).toBe(value);
});

test('explicit names are kept, and resolved when they are computed', () => {
  const Name = { 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, 'entries']] };
  write({ Shop: { Resources: { It: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: Name } } } } });
  expect(open().ofType('AWS::DynamoDB::Table')[0]?.ref).toBe('Shop-entries');
});

test('long generated names are shortened without becoming the same', () => {
  const long = 'L'.repeat(80);
  const Resources = Object.fromEntries(
    ['A', 'B'].map((end) => [`${long}${end}`, { Type: 'AWS::Lambda::Function' }]),
  );
  write({ Shop: { Resources } });
  const names = open()
    .ofType('AWS::Lambda::Function')
    .map(({ ref }) => ref);
  expect(names.every((name) => name.length === 64)).toBe(true);
  expect(new Set(names).size).toBe(2);
});

test('parameters come from the caller, then from their defaults, else the error says what to pass', () => {
  const Parameters = {
    Sender: { Type: 'String' },
    Size: { Type: 'Number', Default: 5 },
    Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
  };
  const Properties = { sender: { Ref: 'Sender' }, size: { Ref: 'Size' }, zones: { Ref: 'Zones' } };
  write({ Shop: { Parameters, Resources: { It: { Type: 'AWS::S3::Bucket', Properties } } } });
  const properties = (parameters?: Record<string, string>) =>
    open({ parameters }).ofType('AWS::S3::Bucket')[0]?.properties();
  expect(properties({ Sender: 'desk@example.com' })).toEqual({
    sender: 'desk@example.com',
    size: 5,
    zones: ['a', 'b'],
  });
  expect(properties).toThrow('Parameter Sender of stack Shop has no default');
});

test('a resource under a false condition is not there', () => {
  const Conditions = { Off: { 'Fn::Equals': ['a', 'b'] } };
  write({ Shop: { Conditions, Resources: { It: { Type: 'AWS::S3::Bucket', Condition: 'Off' } } } });
  expect(open().ofType('AWS::S3::Bucket')).toEqual([]);
});

test('types that are neither served nor harmless are listed, never skipped silently', () => {
  write({
    Shop: {
      Resources: {
        Cdn: { Type: 'AWS::CloudFront::Distribution' },
        Role: { Type: 'AWS::IAM::Role' },
        Table: { Type: 'AWS::DynamoDB::Table' },
        Own: { Type: 'Custom::Own' },
      },
    },
  });
  expect(open().notEmulated).toEqual(['AWS::CloudFront::Distribution (Cdn)', 'Custom::Own (Own)']);
});

test('outputs are resolved, across stacks too; one that cannot be says why', () => {
  write({
    Data: {
      Resources: { Table: { Type: 'AWS::DynamoDB::Table' } },
      Outputs: { Name: { Value: { Ref: 'Table' }, Export: { Name: 'Data:Name' } } },
    },
    Shop: {
      Resources: { Cdn: { Type: 'AWS::CloudFront::Distribution' } },
      Outputs: {
        Imported: { Value: { 'Fn::ImportValue': 'Data:Name' } },
        Domain: { Value: { 'Fn::GetAtt': ['Cdn', 'DomainName'] } },
      },
    },
  });
  const { values, unresolved } = open().outputs();
  expect(values).toEqual({ Name: 'Data-Table', Imported: 'Data-Table' });
  expect(unresolved).toEqual([expect.stringMatching(/^Output Domain: .*Shop\/Cdn.*DomainName/)]);
});

test('AWS URLs in resolved texts become local ones', () => {
  const Url = {
    'Fn::Join': ['', ['https://', { Ref: 'Api' }, '.execute-api.us-east-1.amazonaws.com/prod/']],
  };
  write({
    Shop: {
      Resources: {
        Api: { Type: 'AWS::ApiGateway::RestApi' },
        It: { Type: 'AWS::S3::Bucket', Properties: { a: [{ Url }] } },
      },
      Outputs: { Url: { Value: Url } },
    },
  });
  const registry = open({
    localize: (text) => text.replace(/^https:\/\/\w+\.execute-api\.[^/]+/, 'http://127.0.0.1:4000'),
  });
  expect(registry.outputs().values).toEqual({ Url: 'http://127.0.0.1:4000/prod/' });
  expect(registry.ofType('AWS::S3::Bucket')[0]?.properties()).toEqual({
    a: [{ Url: 'http://127.0.0.1:4000/prod/' }],
  });
});

test('an asset is found by its object key, a missing one is an error', () => {
  write({ Shop: { Resources: {} } });
  expect(open().assetPath('abc.zip')).toBe(join(folder, 'asset.abc'));
  expect(() => open().assetPath('def.zip')).toThrow('cdk.out holds no asset def.zip');
});

test('a folder without a stack says to synthesize first', () => {
  write({});
  expect(() => readAssembly(folder)).toThrow('run cdk synth first');
});
