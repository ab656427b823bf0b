import { createHash } from 'node:crypto';

/** Where the local cloud pretends to be, and where its services listen. */
export type Place = {
  region: string;
  accountId: string;
  /** Base URL of the local queue service. */
  sqsUrl: string;
  /** Base URL of the local token issuer; a pool's issuer is `{cognitoUrl}/{pool id}`. */
  cognitoUrl: string;
};

/** A resource's answers to Ref and Fn::GetAtt. */
export type Identity = { ref: string; attributes: Record<string, string> };

type Declared = {
  stackName: string;
  logicalId: string;
  type: string;
  /** A property as text, resolved; undefined where the template has none. */
  text(property: string): string | undefined;
};

const digest = (...parts: string[]): string => createHash('sha256').update(parts.join('/')).digest('hex');

/** `{stack}-{logical id}`, shortened with a digest where the service's names are shorter. */
const generatedName = ({ stackName, logicalId }: Declared, longest = 255): string => {
  const name = `${stackName}-${logicalId}`;
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}-${digest(name).slice(0, 8)}`;
};

const opaqueId = ({ stackName, logicalId }: Declared, length: number): string =>
  BigInt(`0x${digest(stackName, logicalId)}`)
    .toString(36)
    .padStart(length, '0')
    .slice(-length);

type Identify = (resource: Declared, place: Place) => Identity;

const arnOf = (service: string, resource: string, { region, accountId }: Place): string =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

/** Fixed, so that a stream's ARN stays the same from one start to the next. */
const streamLabel = '2000-01-01T00:00:00.000';

const table: Identify = (resource, place) => {
  const ref = resource.text('TableName') ?? generatedName(resource);
  const arn = arnOf('dynamodb', `table/${ref}`, place);
  return {
    ref,
    attributes: { Arn: arn, StreamArn: `${arn}/stream/${streamLabel}`, TableId: opaqueId(resource, 26) },
  };
};

const named =
  (service: string, property: string, toResource: (name: string) => string, longest?: number): Identify =>
  (resource, place) => {
    const ref = resource.text(property) ?? generatedName(resource, longest);
    return { ref, attributes: { Arn: arnOf(service, toResource(ref), place) } };
  };

const byArn =
  (service: string, property: string, toResource: (name: string) => string, longest?: number): Identify =>
  (resource, place) => {
    const name = resource.text(property) ?? generatedName(resource, longest);
    const ref = arnOf(service, toResource(name), place);
    return { ref, attributes: { Arn: ref, Name: name } };
  };

const opaque =
  (
    length: number,
    attributes: (id: string, resource: Declared) => Record<string, string> = () => ({}),
  ): Identify =>
  (resource) => {
    const ref = opaqueId(resource, length);
    return { ref, attributes: attributes(ref, resource) };
  };

const bucket: Identify = (resource, { region }) => {
  const ref = resource.text('BucketName') ?? generatedName(resource, 63).toLowerCase();
  const domain = `${ref}.s3.amazonaws.com`;
  return {
    ref,
    attributes: {
      Arn: `arn:aws:s3:::${ref}`,
      DomainName: domain,
      RegionalDomainName: `${ref}.s3.${region}.amazonaws.com`,
      WebsiteURL: `http://${ref}.s3-website-${region}.amazonaws.com`,
    },
  };
};

const queue: Identify = (resource, place) => {
  const suffix = resource.text('FifoQueue') === 'true' ? '.fifo' : '';
  const name = resource.text('QueueName') ?? `${generatedName(resource, 80 - suffix.length)}${suffix}`;
  const url = `${place.sqsUrl}/${place.accountId}/${name}`;
  return { ref: url, attributes: { Arn: arnOf('sqs', name, place), QueueName: name, QueueUrl: url } };
};

const iam =
  (kind: string, property: string): Identify =>
  (resource, { accountId }) => {
    const ref = resource.text(property) ?? generatedName(resource, 64);
    const arn = `arn:aws:iam::${accountId}:${kind}/${ref}`;
    return { ref, attributes: { Arn: arn, RoleId: `AROA${opaqueId(resource, 17).toUpperCase()}` } };
  };

const managedPolicy: Identify = (resource, { accountId }) => {
  const name = resource.text('ManagedPolicyName') ?? generatedName(resource, 128);
  const arn = `arn:aws:iam::${accountId}:policy/${name}`;
  return { ref: arn, attributes: { PolicyArn: arn } };
};

const userPool: Identify = (resource, place) => {
  const ref = `${place.region}_${opaqueId(resource, 9)}`;
  return {
    ref,
    attributes: {
      Arn: arnOf('cognito-idp', `userpool/${ref}`, place),
      UserPoolId: ref,
      ProviderName: `cognito-idp.${place.region}.amazonaws.com/${ref}`,
      ProviderURL: `${place.cognitoUrl}/${ref}`,
    },
  };
};

const rule: Identify = (resource, place) => {
  const ref = resource.text('Name') ?? generatedName(resource, 64);
  const bus = resource.text('EventBusName') ?? 'default';
  const path = bus === 'default' ? ref : `${bus.split('/').at(-1)}/${ref}`;
  return { ref, attributes: { Arn: arnOf('events', `rule/${path}`, place) } };
};

const version: Identify = (resource, place) => {
  const name = resource.text('FunctionName') ?? '';
  const ref = `${name.startsWith('arn:') ? name : arnOf('lambda', `function:${name}`, place)}:1`;
  return { ref, attributes: { Version: '1', FunctionArn: ref } };
};

const alias: Identify = (resource, place) => {
  const name = resource.text('FunctionName') ?? '';
  const arn = name.startsWith('arn:') ? name : arnOf('lambda', `function:${name}`, place);
  const ref = `${arn}:${resource.text('Name') ?? 'live'}`;
  return { ref, attributes: { AliasArn: ref, Arn: ref } };
};

const byName =
  (property: string): Identify =>
  (resource) => ({
    ref: resource.text(property) ?? generatedName(resource),
    attributes: {},
  });

const identities: Record<string, Identify> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::S3::Bucket': bucket,
  'AWS::SQS::Queue': queue,
  'AWS::Lambda::Function': named('lambda', 'FunctionName', (name) => `function:${name}`, 64),
  'AWS::Lambda::Version': version,
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventSourceMapping': opaque(26, (id) => ({ Id: id })),
  'AWS::StepFunctions::StateMachine': byArn(
    'states',
    'StateMachineName',
    (name) => `stateMachine:${name}`,
    80,
  ),
  'AWS::IAM::Role': iam('role', 'RoleName'),
  'AWS::IAM::User': iam('user', 'UserName'),
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::Cognito::UserPool': userPool,
  'AWS::Cognito::UserPoolClient': opaque(26, (id, resource) => ({ ClientId: id, Name: resource.logicalId })),
  'AWS::Cognito::UserPoolGroup': byName('GroupName'),
  'AWS::ApiGateway::RestApi': opaque(10, (id, resource) => ({
    RestApiId: id,
    RootResourceId: opaqueId({ ...resource, logicalId: `${resource.logicalId}/root` }, 10),
  })),
  'AWS::ApiGateway::Resource': opaque(6, (id) => ({ ResourceId: id })),
  'AWS::ApiGateway::Model': byName('Name'),
  'AWS::ApiGateway::RequestValidator': opaque(6, (id) => ({ RequestValidatorId: id })),
  'AWS::ApiGateway::Deployment': opaque(6, (id) => ({ DeploymentId: id })),
  'AWS::ApiGateway::Stage': byName('StageName'),
  'AWS::ApiGateway::Authorizer': opaque(6, (id) => ({ AuthorizerId: id })),
  'AWS::ApiGateway::ApiKey': opaque(10, (id) => ({ APIKeyId: id })),
  'AWS::ApiGateway::UsagePlan': opaque(6, (id) => ({ Id: id })),
  'AWS::Events::Rule': rule,
  'AWS::Events::EventBus': (resource, place) => {
    const ref = resource.text('Name') ?? generatedName(resource);
    return { ref, attributes: { Name: ref, Arn: arnOf('events', `event-bus/${ref}`, place) } };
  },
  'AWS::Scheduler::Schedule': named('scheduler', 'Name', (name) => `schedule/default/${name}`, 64),
  'AWS::Logs::LogGroup': named('logs', 'LogGroupName', (name) => `log-group:${name}:*`),
  'AWS::CloudWatch::Alarm': named('cloudwatch', 'AlarmName', (name) => `alarm:${name}`),
  'AWS::SNS::Topic': byArn('sns', 'TopicName', (name) => name),
  'AWS::SES::EmailIdentity': byName('EmailIdentity'),
  'AWS::SES::ConfigurationSet': byName('Name'),
  'AWS::SES::ReceiptRuleSet': byName('RuleSetName'),
  'AWS::KMS::Key': (resource, place) => {
    const ref = opaqueId(resource, 32);
    return { ref, attributes: { KeyId: ref, Arn: arnOf('kms', `key/${ref}`, place) } };
  },
};

/** For types the table does not name, Ref gives a name and there are no attributes: asking for one is an error. */
export const identify: Identify = (resource, place) =>
  identities[resource.type]?.(resource, place) ?? { ref: generatedName(resource), attributes: {} };
