import * as z from 'zod';
import { compilePattern } from '../events/pattern.ts';
import type { JsonValue } from '../json.ts';
import type { Message, MessageAttribute } from './message.ts';
import type { Subscription } from './topic-spec.ts';

/** What a filter policy sees of an attribute: a number as number, each element of an array by itself. */
const attributeValue = ({ Type, Value }: MessageAttribute): JsonValue => {
  if (Type.startsWith('Number')) return Number(Value);
  if (!Type.startsWith('String.Array')) return Value;
  const parsed = z.json().safeParse(parseJson(Value));
  return parsed.success ? parsed.data : Value;
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a subscription takes a message. Throws an Error at once for a policy that is not read here. */
export const compileFilter = ({ filter }: Pick<Subscription, 'filter'>): ((message: Message) => boolean) => {
  if (filter === undefined) return () => true;
  const matches = compilePattern(filter.policy);
  if (filter.scope === 'MessageAttributes') {
    return ({ attributes }) =>
      matches(
        Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeValue(value)])),
      );
  }
  return ({ text }) => {
    const body = z.record(z.string(), z.json()).safeParse(parseJson(text));
    return body.success && matches(body.data);
  };
};
