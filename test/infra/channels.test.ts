import { describe, expect, test } from 'vitest';
import { aStack, asText, functionResource, resource, type Statement } from './a-stack.ts';

const { template } = aStack({ context: { orderAddress: 'orders@in.example.org' } });
const inbox = resource(template, 'AWS::S3::Bucket', 'DocumentsInbox').id;

describe('a mail to the order address', () => {
  test('alone is taken in, over TLS only, looked through, and put under mail/ of the inbox', () => {
    const { RuleSetName, Rule } = resource(template, 'AWS::SES::ReceiptRule', 'MailIn');
    expect(RuleSetName).toEqual({ Ref: resource(template, 'AWS::SES::ReceiptRuleSet', 'MailIn').id });
    expect(Rule).toEqual({
      Enabled: true,
      Recipients: ['orders@in.example.org'],
      ScanEnabled: true,
      TlsPolicy: 'Require',
      Actions: [{ S3Action: { BucketName: { Ref: inbox }, ObjectKeyPrefix: 'mail/' } }],
    });
  });

  test('may be put there by SES for this account, and SES may do nothing else', () => {
    const ofSes = Object.values(template.findResources('AWS::S3::BucketPolicy'))
      .flatMap(({ Properties }): Statement[] => Properties.PolicyDocument.Statement)
      .filter((statement) => JSON.stringify(statement).includes('ses.amazonaws.com'));
    expect(ofSes.map(({ Action, Resource, Condition }) => [Action, asText(Resource), Condition])).toEqual([
      [
        's3:PutObject',
        `<${inbox}.Arn>/mail/*`,
        { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      ],
    ]);
  });

  test('reaches receive-mail, is tried for a day, and is kept when it cannot be taken', () => {
    const rule = resource(template, 'AWS::Events::Rule', 'MailArrived');
    expect(rule.EventPattern.detail).toEqual({
      bucket: { name: [{ Ref: inbox }] },
      object: { key: [{ prefix: 'mail/' }] },
    });
    const { id } = functionResource(template, 'receive-mail');
    const queueArn = { 'Fn::GetAtt': [resource(template, 'AWS::SQS::Queue', 'LostMails').id, 'Arn'] };
    expect(rule.Targets).toMatchObject([
      {
        Arn: { 'Fn::GetAtt': [id, 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 },
        DeadLetterConfig: { Arn: queueArn },
      },
    ]);
    expect(resource(template, 'AWS::Lambda::EventInvokeConfig', 'ReceiveMail')).toMatchObject({
      FunctionName: { Ref: id },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
  });

  test('starts no reading of files: what SES writes is no file of a partner', () => {
    const { EventPattern } = resource(template, 'AWS::Events::Rule', 'FileArrived');
    expect(EventPattern.detail.object.key).toEqual([{ prefix: 'inbox/' }]);
  });

  test('is not taken where no address is set', () => {
    const { template: without } = aStack({ context: { orderAddress: '' } });
    for (const type of ['AWS::SES::ReceiptRule', 'AWS::SES::ReceiptRuleSet'])
      without.resourceCountIs(type, 0);
    expect(() => functionResource(without, 'receive-mail')).toThrow('no function receive-mail');
    expect(without.findOutputs('OrderAddress')).toEqual({});
  });
});

describe('a partner that drops files', () => {
  const policy = resource(template, 'AWS::IAM::ManagedPolicy', 'PartnerDrop');
  const role = resource(template, 'AWS::IAM::Role', 'PartnerDrop');

  test('may put files below the prefix that its tag names, and mails of its own nowhere', () => {
    const statements: Statement[] = policy.PolicyDocument.Statement;
    expect(statements.map(({ Effect, Action, Resource }) => [Effect, Action, asText(Resource)])).toEqual([
      ['Allow', 's3:PutObject', `<${inbox}.Arn>/inbox/\${aws:PrincipalTag/partnerId}/*`],
      ['Deny', 's3:PutObject', `<${inbox}.Arn>/inbox/*/mail/*`],
    ]);
  });

  test('does it by a role that nobody takes on without the tag, and that may do nothing else', () => {
    expect(role.ManagedPolicyArns).toEqual([{ Ref: policy.id }]);
    expect(role.Policies).toBeUndefined();
    expect(role.AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringLike: { 'aws:RequestTag/partnerId': '?*' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['partnerId'] },
        },
      },
    ]);
    expect(role.MaxSessionDuration).toBe(12 * 3600);
  });
});
