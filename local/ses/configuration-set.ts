import { ServiceError } from '../http/service-error.ts';

export type MailEventType = 'Send' | 'Reject' | 'Delivery' | 'Bounce' | 'Complaint';
export type SuppressionReason = 'BOUNCE' | 'COMPLAINT';

/** Where the events of a set's mails go: to the default bus, or to a topic. */
export type EventDestination = {
  name: string;
  eventTypes: readonly MailEventType[];
  target: { kind: 'bus' } | { kind: 'topic'; arn: string };
};

export type ConfigurationSet = {
  name: string;
  isSendingEnabled: boolean;
  /** Why addresses are suppressed; as the account has it, for both reasons, when absent. */
  suppressedReasons?: readonly SuppressionReason[] | undefined;
  destinations: readonly EventDestination[];
};

/** An address or domain that may send. */
export type Identity = { name: string; configurationSet?: string | undefined };

/** The identity an address sends by: itself, or a domain that it lies in. */
export const identityOf = (identities: Iterable<Identity>, address: string): Identity | undefined => {
  const lowerCase = address.toLowerCase();
  const domain = lowerCase.slice(lowerCase.lastIndexOf('@') + 1);
  const all = [...identities];
  const named = (name: string) => all.find((identity) => identity.name.toLowerCase() === name);
  const parts = domain.split('.');
  const domains = parts.map((_, index) => parts.slice(index).join('.'));
  return [lowerCase, ...domains].map(named).find((found) => found !== undefined);
};

/** The set that a mail is sent with; throws when it is not there or paused. */
export const findConfigurationSet = (
  sets: readonly ConfigurationSet[],
  name: string | undefined,
): ConfigurationSet | undefined => {
  if (name === undefined || name === '') return undefined;
  const set = sets.find((one) => one.name === name);
  if (!set) {
    throw new ServiceError(
      'ConfigurationSetDoesNotExist',
      `Configuration set <${name}> does not exist.`,
      400,
      {
        ConfigurationSetName: name,
      },
    );
  }
  if (!set.isSendingEnabled) {
    throw new ServiceError(
      'ConfigurationSetSendingPausedException',
      `Email sending is disabled for configuration set ${name}.`,
      400,
      { ConfigurationSetName: name },
    );
  }
  return set;
};
