/** Base URLs of the services that functions may call. */
export type ServiceUrls = {
  apiGateway: string;
  cognito: string;
  dynamodb: string;
  events: string;
  lambda: string;
  s3: string;
  ses: string;
  sns: string;
  sqs: string;
  states: string;
  sts: string;
  /** Answers for every other service that it is not there, so that no call leaves the machine. */
  unserved: string;
};

/** The variables by which the AWS SDKs find their endpoints. */
export const endpointVariables = (urls: ServiceUrls): Record<string, string> => ({
  AWS_ENDPOINT_URL: urls.unserved,
  AWS_ENDPOINT_URL_API_GATEWAY: urls.apiGateway,
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: urls.cognito,
  AWS_ENDPOINT_URL_DYNAMODB: urls.dynamodb,
  AWS_ENDPOINT_URL_DYNAMODB_STREAMS: urls.dynamodb,
  AWS_ENDPOINT_URL_EVENTBRIDGE: urls.events,
  AWS_ENDPOINT_URL_LAMBDA: urls.lambda,
  AWS_ENDPOINT_URL_S3: urls.s3,
  AWS_ENDPOINT_URL_SES: urls.ses,
  AWS_ENDPOINT_URL_SFN: urls.states,
  AWS_ENDPOINT_URL_SNS: urls.sns,
  AWS_ENDPOINT_URL_SQS: urls.sqs,
  AWS_ENDPOINT_URL_STS: urls.sts,
});
