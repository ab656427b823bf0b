import type { Activity } from '../calls/activity.ts';
import type { HttpHandler, HttpResponse, StreamingHandler } from '../http/serve.ts';
import type { OpenDoors } from './open-doors.ts';

type Handlers = {
  /** Of REST APIs, by logical id. */
  apis: ReadonlyMap<string, HttpHandler>;
  apiGateway: HttpHandler;
  cognito: HttpHandler;
  dynamodb: HttpHandler;
  events: HttpHandler;
  inbox: HttpHandler;
  lambda: HttpHandler;
  s3: StreamingHandler;
  ses: HttpHandler;
  sns: HttpHandler;
  sqs: HttpHandler;
  states: HttpHandler;
  sts: HttpHandler;
};

/** Opens the doors of services that stand; a request counts as in motion until it is answered. */
export const openServiceDoors = (doors: OpenDoors, handlers: Handlers, activity: Activity): void => {
  const counted =
    <Request>(handler: (request: Request) => Promise<HttpResponse>) =>
    (request: Request) =>
      activity.during(() => handler(request));
  for (const [logicalId, handler] of handlers.apis) doors.apis.get(logicalId)?.open(counted(handler));
  doors.inbox.open(handlers.inbox);
  doors.cognito.open(handlers.cognito);
  doors.s3.open(counted(handlers.s3));
  const names = ['apiGateway', 'dynamodb', 'events', 'lambda', 'ses', 'sns', 'sqs', 'states', 'sts'] as const;
  for (const name of names) doors[name].open(counted(handlers[name]));
};
