import type { JsonValue } from '../json.ts';
import type { ConfigurationSet } from './configuration-set.ts';
import { detailTypes, type MailEvent } from './mail-events.ts';

/** An event for the default bus. */
export type BusEvent = { source: string; detailType: string; detail: JsonValue; resources: string[] };

export type Publication = {
  /** Accepts an event for good. */
  putEvent?: (event: BusEvent) => Promise<void>;
  /** Publishes to a topic. */
  publish?: (topicArn: string, message: { subject: string; text: string }) => Promise<unknown>;
};

/** Whether anybody is told of the mails of a set. */
export const isPublished = (set: ConfigurationSet | undefined): set is ConfigurationSet =>
  set !== undefined && set.destinations.length > 0;

/** Hands events to the destinations of their set that want their type. */
export const publishEvents = async (
  events: readonly MailEvent[],
  set: ConfigurationSet,
  { putEvent, publish, arnOf }: Publication & { arnOf: (resource: string) => string },
): Promise<void> => {
  const resources = [arnOf(`configuration-set/${set.name}`)];
  for (const { type, detail } of events) {
    for (const { eventTypes, target } of set.destinations) {
      if (!eventTypes.includes(type)) continue;
      if (target.kind === 'bus') {
        await putEvent?.({ source: 'aws.ses', detailType: detailTypes[type], detail, resources });
      } else {
        await publish?.(target.arn, {
          subject: 'Amazon SES Email Event Notification',
          text: JSON.stringify(detail),
        });
      }
    }
  }
};
