import { fileURLToPath } from 'node:url';
import { App, CfnOutput, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const aFunction = (stack: Stack, name: string, environment: Record<string, string> = {}) =>
  new lambda.Function(stack, name, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(pathOf(`functions/${name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase()}`)),
    environment,
  });

const aBook = (stack: Stack) => {
  const entries = new dynamodb.TableV2(stack, 'Entries', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    globalSecondaryIndexes: [
      { indexName: 'byDay', partitionKey: { name: 'day', type: dynamodb.AttributeType.STRING } },
    ],
    dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
  });
  const counts = new dynamodb.Table(stack, 'Counts', {
    partitionKey: { name: 'day', type: dynamodb.AttributeType.STRING },
  });
  const lost = new sqs.Queue(stack, 'Lost');
  const count = aFunction(stack, 'Count', { COUNTS: counts.tableName });
  counts.grant(count, 'dynamodb:UpdateItem');
  count.addEventSource(
    new sources.DynamoEventSource(entries, {
      startingPosition: lambda.StartingPosition.LATEST,
      filters: [lambda.FilterCriteria.filter({ eventName: lambda.FilterRule.isEqual('INSERT') })],
      onFailure: new sources.SqsDlq(lost),
      retryAttempts: 2,
    }),
  );
  const remember = aFunction(stack, 'Remember', { COUNTS: counts.tableName });
  counts.grantWriteData(remember);
  new events.Rule(stack, 'Daily', {
    schedule: events.Schedule.rate(Duration.days(1)),
    targets: [new targets.LambdaFunction(remember)],
  });
  new CfnOutput(stack, 'CountsTable', { value: counts.tableName });
  new CfnOutput(stack, 'EntriesTable', { value: entries.tableName });
  return entries;
};

const anApi = (stack: Stack, entries: dynamodb.ITableV2) => {
  const api = new apigateway.RestApi(stack, 'Api', { deployOptions: { stageName: 'live' } });
  const authorizer = new apigateway.TokenAuthorizer(stack, 'GuestAuthorizer', {
    handler: aFunction(stack, 'LetIn'),
  });
  const greeting = new CfnParameter(stack, 'Greeting', { type: 'String' });
  const sign = aFunction(stack, 'Sign', {
    ENTRIES: entries.tableName,
    GREETING: greeting.valueAsString,
    SELF: `https://${api.restApiId}.execute-api.${stack.region}.${stack.urlSuffix}/live/`,
  });
  const read = aFunction(stack, 'Read', { ENTRIES: entries.tableName });
  entries.grant(sign, 'dynamodb:PutItem');
  entries.grant(read, 'dynamodb:GetItem');
  sign.addToRolePolicy(new iam.PolicyStatement({ actions: ['ses:SendEmail'], resources: ['*'] }));
  const list = api.root.addResource('entries');
  list.addMethod('POST', new apigateway.LambdaIntegration(sign), { authorizer });
  list.addResource('{id}').addMethod('GET', new apigateway.LambdaIntegration(read));

  const staff = new cognito.UserPool(stack, 'Staff');
  new cognito.CfnUserPoolGroup(stack, 'Owners', { userPoolId: staff.userPoolId, groupName: 'owners' });
  staff.addClient('Desk');
  const staffOnly = new apigateway.CognitoUserPoolsAuthorizer(stack, 'StaffOnly', {
    cognitoUserPools: [staff],
  });
  const desk = new apigateway.LambdaIntegration(aFunction(stack, 'Desk'));
  api.root.addResource('desk').addMethod('GET', desk, {
    authorizer: staffOnly,
    authorizationScopes: ['aws.cognito.signin.user.admin'],
  });
  new CfnOutput(stack, 'StaffPool', { value: staff.userPoolId });
};

const aDropBox = (stack: Stack) => {
  const uploads = new s3.Bucket(stack, 'Uploads', { versioned: true, eventBridgeEnabled: true });
  const greet = aFunction(stack, 'Greet', { UPLOADS: uploads.bucketName });
  const welcome = new stepfunctions.StateMachine(stack, 'Welcome', {
    definitionBody: stepfunctions.DefinitionBody.fromFile(pathOf('welcome.asl.json')),
    definitionSubstitutions: { greet: greet.functionArn },
  });
  uploads.grantRead(greet, 'guests/*');
  uploads.grantPut(greet, 'answers/*');
  greet.grantInvoke(welcome);
  new events.Rule(stack, 'OnUpload', {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [uploads.bucketName] }, object: { key: [{ prefix: 'guests/' }] } },
    },
    targets: [
      new targets.SfnStateMachine(welcome, {
        input: events.RuleTargetInput.fromObject({ key: events.EventField.fromPath('$.detail.object.key') }),
      }),
    ],
  });
  new CfnOutput(stack, 'UploadsBucket', { value: uploads.bucketName });
  new CfnOutput(stack, 'WelcomeMachine', { value: welcome.stateMachineArn });
};

/** A guestbook: a signed book behind an API, a counting stream, a daily mark, and files that are welcomed. */
export const synthesizeGuestbook = (outdir: string): void => {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Guestbook');
  anApi(stack, aBook(stack));
  aDropBox(stack);
  app.synth();
};
