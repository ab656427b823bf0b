import { describe, expect, test } from 'vitest';
import { aStack, asText, functionResource, resource, type Statement, statementsOf } from './a-stack.ts';

const { template } = aStack();

const arnOf = (type: string, idPart: string) => `<${resource(template, type, idPart).id}.Arn>`;
const tableArn = (name: string) => arnOf('AWS::DynamoDB::GlobalTable', `Data${name}`);
const documents = arnOf('AWS::S3::Bucket', 'DocumentsBucket');
const inbox = arnOf('AWS::S3::Bucket', 'DocumentsInbox');
const orderMachine = `<${resource(template, 'AWS::StepFunctions::StateMachine', 'Orders').id}>`;
const executions = `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${orderMachine.replace('>', '.Name>')}:*`;
const ses = 'arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>';
const configurationSet = `<${resource(template, 'AWS::SES::ConfigurationSet', 'Mail').id}>`;

const wake: [string, string[]] = [orderMachine, ['states:SendTaskFailure', 'states:SendTaskSuccess']];
const start: [string, string[]] = [orderMachine, ['states:StartExecution']];
const table = (name: string, ...actions: string[]): [string, string[]] => [
  tableArn(name),
  actions.map((action) => `dynamodb:${action}`),
];
const opens = (prefix: string): [string, string[]] => [`${documents}/${prefix}/*`, ['s3:GetObject']];
const stores = (prefix: string): [string, string[]] => [`${documents}/${prefix}/*`, ['s3:PutObject']];

/** Reads an order whole and writes a decision. */
const decides = table('Orders', 'Query', 'PutItem');
/** Stores a wait and looks for its answer. */
const waits = table('Orders', 'GetItem', 'PutItem');
/** Writes what was told of an order, and wakes its wait. */
const notices = table('Orders', 'GetItem', 'Query', 'PutItem');
const uploads = table('Orders', 'GetItem', 'PutItem', 'UpdateItem');

const opensInbox: [string, string[]] = [`${inbox}/inbox/*`, ['s3:GetObjectVersion']];

/** All that each function may do, its own logs apart. */
const granted: Record<string, [resource: string, actions: string[]][]> = {
  authorize: [table('Partners', 'GetItem')],
  'place-order': [
    table('Catalogue', 'BatchGetItem'),
    table('Partners', 'GetItem', 'Query'),
    table('Stock', 'BatchGetItem'),
    table('Orders', 'GetItem', 'Query', 'PutItem', 'UpdateItem'),
    stores('orders'),
    start,
  ],
  'validate-order': [
    table('Catalogue', 'BatchGetItem'),
    table('Partners', 'GetItem', 'Query'),
    table('Stock', 'BatchGetItem'),
    table('Orders', 'GetItem', 'Query'),
  ],
  'list-orders': [table('Orders', 'GetItem'), [`${tableArn('Orders')}/index/byPartner`, ['dynamodb:Query']]],
  'list-all-orders': [
    table('Orders', 'GetItem'),
    [`${tableArn('Orders')}/index/byPartner`, ['dynamodb:Query']],
    [`${tableArn('Orders')}/index/byDay`, ['dynamodb:Query']],
  ],
  'tag-order': [table('Orders', 'Query', 'PutItem')],
  'count-orders': [[`${tableArn('Orders')}/index/byDay`, ['dynamodb:Query']]],
  'read-order': [table('Orders', 'Query'), opens('orders')],
  'list-order-events': [table('Orders', 'GetItem', 'Query'), opens('orders')],
  'cancel-order-request': [notices, wake],
  'record-payment': [notices, table('Stock', 'UpdateItem'), wake],
  'record-outbound-slip': [notices, wake],
  'record-shipment': [notices, table('Stock', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'), wake],
  'record-carrier-event': [notices, wake],
  'request-upload': [
    table('Partners', 'GetItem'),
    table('Orders', 'PutItem'),
    [`${inbox}/inbox/*`, ['s3:PutObject']],
  ],
  'read-upload-status': [table('Orders', 'GetItem', 'Query'), opens('results')],
  'read-template': [],
  'read-openapi': [],
  'list-inbound-mails': [
    table('Orders', 'BatchGetItem'),
    [`${tableArn('Orders')}/index/byStatus`, ['dynamodb:Query']],
  ],
  'list-findings': [
    table('Orders', 'BatchGetItem'),
    [`${tableArn('Orders')}/index/byStatus`, ['dynamodb:Query']],
  ],
  'assign-finding': [decides],
  'resolve-finding': [
    notices,
    table('Catalogue', 'BatchGetItem'),
    table('Partners', 'GetItem', 'Query'),
    table('Stock', 'BatchGetItem'),
    wake,
  ],
  'list-rules': [table('Catalogue', 'BatchGetItem')],
  'read-rules': [table('Catalogue', 'BatchGetItem')],
  'load-rules': [table('Catalogue', 'BatchGetItem', 'PutItem')],
  'load-prices': [table('Catalogue', 'BatchGetItem', 'PutItem', 'UpdateItem')],
  'load-products': [table('Catalogue', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem')],
  'answer-questions': [
    notices,
    table('Catalogue', 'BatchGetItem'),
    table('Partners', 'GetItem', 'Query'),
    table('Stock', 'BatchGetItem'),
    wake,
  ],
  'open-answer-page': [table('Orders', 'GetItem', 'Query')],
  'answer-by-link': [
    notices,
    table('Catalogue', 'BatchGetItem'),
    table('Partners', 'GetItem', 'Query'),
    table('Stock', 'BatchGetItem'),
    wake,
  ],
  'audit-order': [
    table('Catalogue', 'BatchGetItem'),
    table('Partners', 'GetItem', 'Query'),
    table('Stock', 'GetItem', 'BatchGetItem'),
    notices,
  ],
  'reserve-stock': [
    table('Catalogue', 'BatchGetItem'),
    table('Partners', 'GetItem', 'Query'),
    decides,
    table('Stock', 'BatchGetItem', 'PutItem', 'UpdateItem'),
  ],
  'await-payment': [waits, wake],
  'await-outbound-slip': [notices, wake],
  'await-shipment': [waits, wake],
  'issue-invoice': [decides, stores('orders')],
  'await-delivery': [waits, wake],
  'complete-order': [decides],
  'hold-order': [notices, wake],
  'cancel-order': [decides, table('Stock', 'GetItem', 'UpdateItem', 'DeleteItem')],
  'reject-order': [decides],
  'report-stuck-order': [decides],
  'read-upload': [table('Partners', 'GetItem'), uploads, opensInbox, stores('uploads')],
  'submit-batch': [
    table('Catalogue', 'BatchGetItem'),
    table('Partners', 'GetItem', 'Query'),
    table('Stock', 'BatchGetItem'),
    table('Orders', 'GetItem', 'Query', 'PutItem', 'UpdateItem'),
    opens('uploads'),
    stores('uploads'),
    stores('orders'),
    start,
  ],
  'write-upload-result': [
    table('Partners', 'GetItem'),
    uploads,
    opens('uploads'),
    stores('results'),
    opensInbox,
  ],
  'fail-upload': [table('Partners', 'GetItem'), uploads],
  'receive-mail': [
    table('Partners', 'GetItem'),
    table('Orders', 'GetItem', 'PutItem'),
    [`${inbox}/mail/*`, ['s3:GetObjectVersion', 's3:PutObjectVersionTagging']],
    [`${inbox}/inbox/*/mail/*`, ['s3:PutObject']],
    [arnOf('AWS::SQS::Queue', 'LostMails'), ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage']],
  ],
  'send-mail': [
    table('Partners', 'GetItem'),
    table('Orders', 'GetItem', 'Query', 'PutItem', 'UpdateItem'),
    opens('orders'),
    opens('results'),
    [`${ses}:identity/*`, ['ses:SendRawEmail']],
    [`${ses}:configuration-set/${configurationSet}`, ['ses:SendRawEmail']],
    [
      tableArn('Orders').replace('.Arn', '.StreamArn'),
      ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    ],
    [
      arnOf('AWS::SQS::Queue', 'UnsentMails'),
      ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
    ],
  ],
  'record-mail-feedback': [
    table('Orders', 'Query', 'PutItem', 'UpdateItem'),
    [
      arnOf('AWS::SQS::Queue', 'LostFeedback'),
      ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
    ],
  ],
  'sweep-orders': [
    table('Orders', 'GetItem', 'Query', 'PutItem', 'UpdateItem'),
    [`${tableArn('Orders')}/index/byStatus`, ['dynamodb:Query']],
    start,
    wake,
    [executions, ['states:DescribeExecution', 'states:RedriveExecution']],
    [
      arnOf('AWS::SQS::Queue', 'FailedSweeps'),
      ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
    ],
  ],
};

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** `{ resource: actions }`, sorted, of a role's statements. */
const permissions = (statements: Statement[]): Record<string, unknown[]> => {
  const actions: Record<string, unknown[]> = {};
  for (const { Action: action, Resource: resources } of statements)
    for (const one of list(resources))
      actions[asText(one)] = [...(actions[asText(one)] ?? []), ...list(action)].sort();
  return actions;
};

describe('a function may do what its work asks for, and nothing else', () => {
  test.for(Object.entries(granted))('%s', ([name, expected]) => {
    const { Role: role, LoggingConfig: logging } = functionResource(template, name);
    const ownLogs: [string, string[]] = [
      `<${logging.LogGroup.Ref}.Arn>`,
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
    ];
    const wanted: Record<string, string[]> = {};
    for (const [arn, actions] of [...expected, ownLogs])
      wanted[arn] = [...(wanted[arn] ?? []), ...actions].sort();
    expect(permissions(statementsOf(template, role['Fn::GetAtt'][0]))).toEqual(wanted);
  });
});

test('no policy allows every action, of AWS or of a service', () => {
  const statements: Statement[] = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const actions = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  expect(actions.length).toBeGreaterThan(50);
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
});

test('mails leave in the name of the sender alone', () => {
  const { Role: role } = functionResource(template, 'send-mail');
  const identities = statementsOf(template, role['Fn::GetAtt'][0]).filter(({ Resource }) =>
    asText(list(Resource)[0]).includes(':identity/'),
  );
  expect(identities.map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'ses:FromAddress': 'orders@example.com' } },
  ]);
});

test.for(['Orders', 'Uploads'])('the machine of %s may call its own steps only', (part) => {
  const { RoleArn, DefinitionSubstitutions } = resource(template, 'AWS::StepFunctions::StateMachine', part);
  const invoke = statementsOf(template, RoleArn['Fn::GetAtt'][0]).filter(
    ({ Action }) => Action === 'lambda:InvokeFunction',
  );
  const callable = invoke.flatMap(({ Resource }) => list(Resource)).map(asText);
  expect(callable.sort()).toEqual(Object.values(DefinitionSubstitutions).map(asText).sort());
});
