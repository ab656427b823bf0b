import { expect, test } from 'vitest';
import { compileTargetInput } from '../../../local/events/target-input.ts';

const event = {
  version: '0' as const,
  id: 'e1',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '000000000000',
  time: '2026-01-31T12:00:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:s3:::inbox'],
  detail: { object: { key: 'a "quoted".csv', size: 12 }, tags: ['x', 'y'] },
};
const rule = { name: 'on-upload', arn: 'arn:rule', enabled: true, targets: [] };
const ingestion = '2026-01-31T12:00:01.250Z';

const { detail: _, ...withoutDetail } = event;

const transform = (inputPathsMap: Record<string, string>, inputTemplate: string) => ({
  id: 't',
  arn: 'arn:target',
  inputTransformer: { inputPathsMap, inputTemplate },
});

const paths = {
  key: '$.detail.object.key',
  size: "$.detail['object'].size",
  first: '$.resources[0]',
  tags: '$.detail.tags',
  none: '$.detail.none',
};

test.for([
  { name: 'the event itself', target: { id: 't', arn: 'a' }, input: event },
  {
    name: 'a constant',
    target: { id: 't', arn: 'a', input: '{"mode":"nightly"}' },
    input: { mode: 'nightly' },
  },
  { name: 'a constant text', target: { id: 't', arn: 'a', input: 'hello' }, input: 'hello' },
  { name: 'a part', target: { id: 't', arn: 'a', inputPath: '$.detail.object' }, input: event.detail.object },
  {
    name: 'a template with values',
    target: transform(paths, '{"key": <key>, "size": <size>, "tags": <tags>}'),
    input: { key: 'a "quoted".csv', size: 12, tags: ['x', 'y'] },
  },
  {
    name: 'a template with values inside strings',
    target: transform(paths, '{"text": "<key> has <size> bytes \\"<tags>\\" <none>"}'),
    input: { text: 'a "quoted".csv has 12 bytes "["x","y"]" ' },
  },
  {
    name: 'a template of text',
    target: transform(paths, '"<first> got <key>"'),
    input: 'arn:aws:s3:::inbox got a "quoted".csv',
  },
  {
    name: 'a template with an absent value',
    target: transform(paths, '{"none": <none>}'),
    input: { none: null },
  },
  {
    name: 'the event without detail',
    target: transform({}, '{"event": <aws.events.event>}'),
    input: { event: withoutDetail },
  },
  { name: 'the whole event', target: transform({}, '{"event": <aws.events.event.json>}'), input: { event } },
  {
    name: 'what the bus knows',
    target: transform(
      {},
      '{"rule": "<aws.events.rule-name>", "arn": <aws.events.rule-arn>, "at": <aws.events.event.ingestion-time>}',
    ),
    input: { rule: 'on-upload', arn: 'arn:rule', at: ingestion },
  },
])('a target receives $name', ({ target, input }) => {
  expect(compileTargetInput(target, rule)(event, ingestion)).toEqual(input);
});

test.for([
  { target: transform({ a: '$.detail[*]' }, '{"a": <a>}'), says: "'$.detail[*]' is not supported" },
  { target: transform({ a: 'detail' }, '{"a": <a>}'), says: "'detail' is not supported" },
  { target: transform({}, '{"a": <a>}'), says: 'names <a>' },
  { target: { id: 't', arn: 'a', inputPath: '$..key' }, says: "'$..key' is not supported" },
])('what cannot be made is refused at once: $says', ({ target, says }) => {
  expect(() => compileTargetInput(target, rule)).toThrow(says);
});
