const writesLogs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const writesTraces = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:GetSamplingStatisticSummaries',
];
const readsStreams = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
const readsQueues = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const joinsNetworks = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** What AWS's managed policies allow on every resource, by the end of their ARN. */
const allowed: Record<string, string[]> = {
  'service-role/AWSLambdaBasicExecutionRole': writesLogs,
  'service-role/AWSLambdaDynamoDBExecutionRole': [
    ...readsStreams.map((action) => `dynamodb:${action}`),
    ...writesLogs,
  ],
  'service-role/AWSLambdaRole': ['lambda:InvokeFunction'],
  'service-role/AWSLambdaSQSQueueExecutionRole': [...readsQueues, ...writesLogs],
  'service-role/AWSLambdaVPCAccessExecutionRole': [...joinsNetworks, ...writesLogs],
  AWSXRayDaemonWriteAccess: writesTraces,
  AWSXrayWriteOnlyAccess: writesTraces,
  AdministratorAccess: ['*'],
  AmazonS3FullAccess: ['s3:*', 's3-object-lambda:*'],
  AmazonS3ReadOnlyAccess: [
    's3:Get*',
    's3:List*',
    's3:Describe*',
    's3-object-lambda:Get*',
    's3-object-lambda:List*',
  ],
  AmazonSQSFullAccess: ['sqs:*'],
};

/** The document of a policy that AWS manages, by its ARN; undefined for one that is not known here. */
export const awsManagedPolicy = (arn: string): object | undefined => {
  const [, name = ''] = arn.split('arn:aws:iam::aws:policy/');
  const actions = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
  return (
    actions && {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
    }
  );
};
