import type { AccessNeed, Context } from '../access.ts';
import { anything, arnOf, type Place } from './arn.ts';

export type SesMail = {
  /** The sender's address, with or without a name. */
  from?: string;
  recipients?: readonly string[];
  configurationSet?: string;
};

export type SesPlace = Place & {
  /** Verified addresses and domains; an address that is none of them counts as an identity of its own. */
  identities: readonly string[];
};

const addressOf = (from: string): string => (/<([^<>]*)>\s*$/.exec(from)?.[1] ?? from).trim();

const identityOf = (address: string, identities: readonly string[]): string => {
  const domain = address.split('@')[1] ?? '';
  const verified = (name: string) => identities.find((one) => one.toLowerCase() === name.toLowerCase());
  return verified(address) ?? verified(domain) ?? address;
};

const sends = new Set(['SendBulkTemplatedEmail', 'SendEmail', 'SendRawEmail', 'SendTemplatedEmail']);

/** What an operation takes: sending, both the sender's identity and the configuration set. */
export const sesNeeds = (operation: string, mail: SesMail, place: SesPlace): AccessNeed[] => {
  const action = `ses:${operation}`;
  if (!sends.has(operation)) return [{ action, resource: anything }];
  const { from, recipients, configurationSet } = mail;
  if (from === undefined) return [{ action, resource: anything }];
  const address = addressOf(from);
  const context: Context = {
    'ses:FromAddress': address,
    ...(recipients !== undefined && { 'ses:Recipients': recipients.map(addressOf) }),
  };
  const names = [
    `identity/${identityOf(address, place.identities)}`,
    ...(configurationSet === undefined ? [] : [`configuration-set/${configurationSet}`]),
  ];
  return names.map((name) => ({ action, resource: arnOf('ses', name, place), context }));
};
