import type { Activity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import type { Gate } from '../calls/gate.ts';
import type { Clock } from '../clock.ts';
import type { DatabaseCall, DatabaseClient } from '../dynamodb/database-client.ts';
import type { Expiries } from '../dynamodb/expiries.ts';
import { type StreamMapping, startStreamMapping } from '../dynamodb/stream-mapping.ts';
import type { Place } from '../iam/needs/arn.ts';
import type { MappingSpec } from '../lambda/declared-mappings.ts';
import type { FunctionSpec } from '../lambda/function-spec.ts';
import type { Invoker } from './inside-calls.ts';
import { pollerOf } from './poller.ts';

export type StreamMappingsOptions = {
  mappings: MappingSpec[];
  /** By the stream's ARN in the template: the ARN under which the database knows it. */
  databaseStreams: ReadonlyMap<string, string>;
  stream: DatabaseClient['stream'];
  functions: FunctionSpec[];
  gate: Gate;
  lambda: Invoker;
  /** Sends for the function of that ARN. */
  sendFailure: (queueArn: string, body: string, functionArn: string) => Promise<void>;
  place: Place;
  stateDir: string;
  clock: Clock;
  activity: Activity;
  expiries: Expiries;
  reach?: CallPort['reach'] | undefined;
  onError: (line: string) => void;
};

/** Starts every mapping of a table's stream; `poke` says that tables may have changed. */
export const startStreamMappings = async (
  options: StreamMappingsOptions,
): Promise<{ poke(): void; close(): Promise<void> }> => {
  const { mappings, databaseStreams, stream, functions, gate, lambda, sendFailure, place } = options;
  const started: StreamMapping[] = [];
  for (const mapping of mappings) {
    const databaseStreamArn = databaseStreams.get(mapping.sourceArn);
    if (databaseStreamArn === undefined) continue;
    const poller = pollerOf(mapping, { gate, lambda, functions, place });
    poller.checkSource();
    // Where it begins to read is found out while the mapping is made, which is nobody's call.
    let isMade = false;
    const read: DatabaseCall = (operation, input) => {
      const perform = () => stream(operation, input);
      return isMade ? poller.ask('dynamodb', operation, input, perform) : perform();
    };
    started.push(
      await startStreamMapping({
        ...options,
        mapping,
        databaseStreamArn,
        region: place.region,
        stream: read,
        invoke: poller.invoke,
        sendToDestination: (queueArn, body) => sendFailure(queueArn, body, poller.functionArn),
      }),
    );
    isMade = true;
  }
  return {
    poke() {
      for (const mapping of started) mapping.poke();
    },
    async close() {
      await Promise.all(started.map((mapping) => mapping.close()));
    },
  };
};
