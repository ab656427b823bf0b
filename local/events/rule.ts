import type { JsonValue } from '../json.ts';

export type RuleTarget = {
  id: string;
  arn: string;
  input?: string;
  inputPath?: string;
  inputTransformer?: { inputPathsMap: Record<string, string>; inputTemplate: string };
  roleArn?: string;
  deadLetterArn?: string;
  retry?: { maximumAttempts: number; maximumEventAgeSeconds: number };
};

export type RuleSpec = {
  name: string;
  arn: string;
  eventPattern?: JsonValue;
  /** rate(…) or cron(…), in UTC. */
  scheduleExpression?: string;
  enabled: boolean;
  targets: RuleTarget[];
};

/** An event as rules see it and targets get it. */
export type EventEnvelope = {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: JsonValue;
};
