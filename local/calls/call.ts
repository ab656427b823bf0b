/** The services whose calls pass the port; their names as in IAM actions. */
export type ServiceName = 'apigateway' | 'dynamodb' | 'events' | 'lambda' | 's3' | 'ses' | 'sqs' | 'states';

/** One call of a service: who asks for what. */
export type Call = {
  /** ARN of the function, state machine, rule or REST API that calls, or of the operator. */
  caller: string;
  service: ServiceName;
  /** The API's operation: TransactWriteItems, PutObject, Invoke. */
  action: string;
};

/** Where in the app a call is made: caller and action. A site may be called many times. */
export const siteOf = ({ caller, service, action }: Call): string =>
  `${caller.split(/[:/]/).at(-1)} ${service}:${action}`;
