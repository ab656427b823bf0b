import type { HttpHandler, HttpRequest } from '../http/serve.ts';
import type { FrontDoor, FrontDoors } from './front-doors.ts';

const unserved: HttpHandler = async ({ method, path, headers }) => {
  const message = `The local cloud does not serve this call: ${headers['x-amz-target'] ?? `${method} ${path}`}`;
  return {
    status: 400,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'NotEmulated' },
    body: JSON.stringify({ __type: 'NotEmulated', message }),
  };
};

/**
 * Opens a port for every service, in an order that is part of the contract: the first API, the inbox, then
 * the services, then further APIs.
 */
export const openDoors = async (doors: FrontDoors, apiIds: string[]) => {
  const apis = new Map<string, FrontDoor<HttpRequest>>();
  const [firstApi, ...otherApis] = apiIds;
  const placeOfFirst = await doors.door();
  if (firstApi !== undefined) apis.set(firstApi, placeOfFirst);
  else placeOfFirst.open(unserved);
  const named = {
    inbox: await doors.door(),
    s3: await doors.streamingDoor(),
    ses: await doors.door(),
    sqs: await doors.door(),
    states: await doors.door(),
    events: await doors.door(),
    lambda: await doors.door(),
    apiGateway: await doors.door(),
    cognito: await doors.door(),
    unserved: await doors.door(),
    dynamodb: await doors.door(),
    sns: await doors.door(),
    sts: await doors.door(),
  };
  named.unserved.open(unserved);
  for (const id of otherApis) apis.set(id, await doors.door());
  return { ...named, apis };
};
export type OpenDoors = Awaited<ReturnType<typeof openDoors>>;
