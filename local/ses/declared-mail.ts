import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { ConfigurationSet, EventDestination, Identity, MailEventType } from './configuration-set.ts';

const flag = z.union([z.boolean(), z.stringbool()]);
const identitySchema = z.object({
  EmailIdentity: z.string(),
  ConfigurationSetAttributes: z.object({ ConfigurationSetName: z.string().optional() }).optional(),
});
const configurationSetSchema = z.object({
  SendingOptions: z.object({ SendingEnabled: flag.default(true) }).optional(),
  SuppressionOptions: z
    .object({ SuppressedReasons: z.array(z.enum(['BOUNCE', 'COMPLAINT'])).optional() })
    .optional(),
});
const destinationSchema = z.object({
  ConfigurationSetName: z.string(),
  EventDestination: z
    .object({
      Name: z.string().optional(),
      Enabled: flag.default(true),
      MatchingEventTypes: z.array(z.string()),
      EventBridgeDestination: z.object({ EventBusArn: z.string() }).optional(),
      SnsDestination: z.object({ TopicARN: z.string() }).optional(),
    })
    .catchall(z.unknown()),
});

const eventTypes: Record<string, MailEventType> = {
  send: 'Send',
  reject: 'Reject',
  delivery: 'Delivery',
  bounce: 'Bounce',
  complaint: 'Complaint',
};

type DeclaredDestination = z.infer<typeof destinationSchema>['EventDestination'];

const readTarget = (declared: DeclaredDestination): EventDestination['target'] | undefined => {
  const { EventBridgeDestination: bus, SnsDestination: topic } = declared;
  if (bus) return { kind: 'bus' };
  return topic && { kind: 'topic', arn: topic.TopicARN };
};

/** Who may send and by which rules, as the templates say; `skipped` names what of it is not served. */
export const declaredMail = (
  registry: Registry,
): { identities: Identity[]; configurationSets: ConfigurationSet[]; skipped: string[] } => {
  const skipped: string[] = [];
  const destinations = new Map<string, EventDestination[]>();
  for (const resource of registry.ofType('AWS::SES::ConfigurationSetEventDestination')) {
    const { ConfigurationSetName: setName, EventDestination: declared } = resource.read(destinationSchema);
    const target = readTarget(declared);
    if (!target) {
      const kind = Object.keys(declared).find((name) => name.endsWith('Destination'));
      skipped.push(`${resource.type} (${resource.logicalId}): ${kind ?? 'no destination'}`);
      continue;
    }
    if (!declared.Enabled) continue;
    const name = declared.Name ?? resource.logicalId;
    const types = declared.MatchingEventTypes.flatMap((type) => eventTypes[type.toLowerCase()] ?? []);
    destinations.set(setName, [...(destinations.get(setName) ?? []), { name, eventTypes: types, target }]);
  }
  const configurationSets = registry.ofType('AWS::SES::ConfigurationSet').map((resource) => {
    const declared = resource.read(configurationSetSchema);
    return {
      name: resource.ref,
      isSendingEnabled: declared.SendingOptions?.SendingEnabled ?? true,
      suppressedReasons: declared.SuppressionOptions?.SuppressedReasons,
      destinations: destinations.get(resource.ref) ?? [],
    };
  });
  const identities = registry.ofType('AWS::SES::EmailIdentity').map((resource) => {
    const declared = resource.read(identitySchema);
    return {
      name: declared.EmailIdentity,
      configurationSet: declared.ConfigurationSetAttributes?.ConfigurationSetName,
    };
  });
  return { identities, configurationSets, skipped };
};
