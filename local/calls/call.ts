import type { JsonValue } from '../json.ts';

/** The services whose calls pass the port; their names as in IAM actions. */
export type ServiceName =
  | 'apigateway'
  | 'dynamodb'
  | 'events'
  | 'lambda'
  | 's3'
  | 'ses'
  | 'sns'
  | 'sqs'
  | 'states'
  | 'sts';

export type JsonObject = Record<string, JsonValue>;

/** One call of a service: who asks for what. */
export type Call = {
  /** ARN of the function, state machine, rule or REST API that calls, or of the operator. */
  caller: string;
  service: ServiceName;
  /** The API's operation: TransactWriteItems, PutObject, Invoke. */
  action: string;
  /** Name of the function that is invoked or the machine that is started: another one is another site. */
  target?: string | undefined;
  /** The operation's input, as its API names it, where it is at hand. */
  input?: JsonObject | undefined;
};

/** The last name in an ARN; of a REST API's, the method and the path. */
const shortName = (arn: string): string =>
  /:execute-api:[^/]*\/(?:[^/]+\/(?=[A-Z]+\/))?(.+)$/.exec(arn)?.[1] ?? arn.split(/[:/]/).at(-1) ?? arn;

/** Where in the app a call is made: caller, action and target. A site may be called many times. */
export const siteOf = ({
  caller,
  service,
  action,
  target,
}: Pick<Call, 'caller' | 'action' | 'target'> & { service: string }): string =>
  [shortName(caller), `${service}:${action}`, ...(target === undefined ? [] : [target])].join(' ');

/** Whether a call leaves everything as it is. */
export const isRead = (action: string): boolean =>
  /^(BatchGet|Describe|Get|Head|List|Query|Scan|TransactGet)/.test(action);
