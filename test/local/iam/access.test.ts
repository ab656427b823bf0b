import { expect, test } from 'vitest';
import { AccessDenied, type Refusal } from '../../../local/iam/access.ts';

const user = 'arn:aws:sts::000000000000:assumed-role/Shop-Role/Shop-Work';
const nothingAllows: Refusal = { isExplicit: false, policyType: 'identity-based' };

const refusedOn = (action: string, resource: string, refusal = nothingAllows) =>
  new AccessDenied(user, { action, resource }, refusal);

test.for([
  {
    action: 'dynamodb:PutItem',
    resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/Orders',
    code: 'AccessDeniedException',
    status: 400,
    message: `User: ${user} is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/Orders because no identity-based policy allows the dynamodb:PutItem action`,
  },
  {
    action: 'states:StartExecution',
    resource: 'arn:aws:states:us-east-1:000000000000:stateMachine:Order',
    code: 'AccessDeniedException',
    status: 400,
    message: `User: ${user} is not authorized to perform: states:StartExecution on resource: arn:aws:states:us-east-1:000000000000:stateMachine:Order because no identity-based policy allows the states:StartExecution action`,
  },
  {
    action: 'events:PutEvents',
    resource: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
    code: 'AccessDeniedException',
    status: 400,
    message: `User: ${user} is not authorized to perform: events:PutEvents on resource: arn:aws:events:us-east-1:000000000000:event-bus/default because no identity-based policy allows the events:PutEvents action`,
  },
  {
    action: 'lambda:InvokeFunction',
    resource: 'arn:aws:lambda:us-east-1:000000000000:function:Work',
    code: 'AccessDeniedException',
    status: 403,
    message: `User: ${user} is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:Work because no identity-based policy allows the lambda:InvokeFunction action`,
  },
  {
    action: 'apigateway:GET',
    resource: 'arn:aws:apigateway:us-east-1::/restapis',
    code: 'AccessDeniedException',
    status: 403,
    message: `User: ${user} is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:us-east-1::/restapis because no identity-based policy allows the apigateway:GET action`,
  },
  {
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::shop/a',
    code: 'AccessDenied',
    status: 403,
    message: `User: ${user} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::shop/a" because no identity-based policy allows the s3:GetObject action`,
  },
  {
    action: 'sqs:SendMessage',
    resource: 'arn:aws:sqs:us-east-1:000000000000:Jobs',
    code: 'AccessDenied',
    status: 403,
    message: `User: ${user} is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1:000000000000:Jobs because no identity-based policy allows the sqs:sendmessage action`,
  },
  {
    action: 'sns:Publish',
    resource: 'arn:aws:sns:us-east-1:000000000000:Alarms',
    code: 'AuthorizationError',
    status: 403,
    message: `User: ${user} is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:000000000000:Alarms because no identity-based policy allows the SNS:Publish action`,
  },
  {
    action: 'ses:SendEmail',
    resource: 'arn:aws:ses:us-east-1:000000000000:identity/example.com',
    code: 'AccessDenied',
    status: 403,
    message: `User \`${user}' is not authorized to perform \`ses:SendEmail' on resource \`arn:aws:ses:us-east-1:000000000000:identity/example.com'`,
  },
])('$action is refused in the words of its service', ({ action, resource, ...expected }) => {
  expect(refusedOn(action, resource)).toMatchObject(expected);
});

test.for([
  {
    refusal: { isExplicit: true, policyType: 'identity-based' } as const,
    end: 'with an explicit deny in an identity-based policy',
  },
  {
    refusal: { isExplicit: true, policyType: 'resource-based' } as const,
    end: 'with an explicit deny in a resource-based policy',
  },
  {
    refusal: { isExplicit: false, policyType: 'resource-based' } as const,
    end: 'because no resource-based policy allows the s3:GetObject action',
  },
])('a refusal says why: $end', ({ refusal, end }) => {
  expect(refusedOn('s3:GetObject', 'arn:aws:s3:::shop/a', refusal).message).toMatch(new RegExp(`${end}$`));
});
