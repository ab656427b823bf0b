/** Types that the engines read: each is served, or belongs to one that is. */
const servedTypes = new Set([
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Model',
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolGroup',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
  'AWS::S3::Bucket',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SES::EmailIdentity',
  'AWS::SES::ReceiptRule',
  'AWS::SES::ReceiptRuleSet',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'AWS::StepFunctions::StateMachine',
  'Custom::S3BucketNotifications',
]);

const permissions = 'every caller may do everything here';
const operating = 'it watches a deployment; the log files are the local counterpart';
const deployTime = 'it acts while a stack is deployed or deleted, and nothing is deployed here';

/** Types without a local meaning, and why the app behaves the same without them. */
const harmlessTypes: Record<string, string> = {
  'AWS::ApiGateway::Account': operating,
  'AWS::Budgets::Budget': operating,
  'AWS::CDK::Metadata': 'it counts uses of the CDK',
  'AWS::CloudWatch::Alarm': operating,
  'AWS::CloudWatch::CompositeAlarm': operating,
  'AWS::CloudWatch::Dashboard': operating,
  'AWS::Events::EventBusPolicy': permissions,
  'AWS::IAM::InstanceProfile': permissions,
  'AWS::IAM::ManagedPolicy': permissions,
  'AWS::IAM::Policy': permissions,
  'AWS::IAM::Role': permissions,
  'AWS::Lambda::Permission': permissions,
  'AWS::Logs::LogGroup': operating,
  'AWS::Logs::MetricFilter': operating,
  'AWS::Logs::QueryDefinition': operating,
  'AWS::Logs::SubscriptionFilter': operating,
  'AWS::S3::BucketPolicy': permissions,
  'AWS::SQS::QueuePolicy': permissions,
  'AWS::SNS::TopicPolicy': permissions,
  'AWS::XRay::Group': operating,
  'Custom::LogRetention': deployTime,
  'Custom::S3AutoDeleteObjects': deployTime,
};

/** `served`, or the reason why the type needs no emulation, or undefined: something is missing locally. */
export const localMeaning = (type: string): string | undefined =>
  servedTypes.has(type) ? 'served' : harmlessTypes[type];
