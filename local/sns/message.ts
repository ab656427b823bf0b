import * as z from 'zod';
import { ServiceError } from '../http/service-error.ts';

/** An attribute as notifications show it. */
export type MessageAttribute = { Type: string; Value: string };

/** A message that a topic has accepted. */
export type Message = {
  id: string;
  topicArn: string;
  subject?: string | undefined;
  /** What every protocol gets unless `byProtocol` has something for it. */
  text: string;
  byProtocol: Readonly<Record<string, string>>;
  attributes: Readonly<Record<string, MessageAttribute>>;
  /** ISO 8601. */
  publishedAt: string;
};

/** What somebody asks to publish. */
export type NewMessage = {
  subject?: string | undefined;
  text: string;
  /** `json`: the text holds one text for each protocol. */
  structure?: string | undefined;
  attributes?: Record<string, MessageAttribute> | undefined;
};

const largestMessageBytes = 256 * 1024;
const longestSubject = 100;

const invalid = (message: string) => new ServiceError('InvalidParameter', `Invalid parameter: ${message}`);

const textsSchema = z.record(z.string(), z.json());

const readTexts = (text: string): Record<string, string> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const texts = textsSchema.safeParse(parsed).data ?? {};
  const strings = Object.entries(texts).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(strings);
};

/** Checks a message as SNS does; throws InvalidParameter. */
export const readMessage = (
  { subject, text, structure, attributes = {} }: NewMessage,
  { id, topicArn, nowMs }: { id: string; topicArn: string; nowMs: number },
): Message => {
  if (text === '') throw invalid('Empty message');
  const size = Object.entries(attributes).reduce(
    (total, [name, { Type, Value }]) => total + Buffer.byteLength(name + Type + Value),
    Buffer.byteLength(text),
  );
  if (size > largestMessageBytes) throw invalid('Message too long');
  if (
    subject !== undefined &&
    (subject.length > longestSubject || !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject))
  ) {
    throw invalid('Subject');
  }
  if (structure !== undefined && structure !== 'json') throw invalid(`MessageStructure ${structure}`);
  const byProtocol = structure === 'json' ? readTexts(text) : {};
  const { default: common = text } = byProtocol;
  if (structure === 'json' && byProtocol.default === undefined) {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
  const publishedAt = new Date(nowMs).toISOString();
  return { id, topicArn, subject, text: common, byProtocol, attributes, publishedAt };
};
