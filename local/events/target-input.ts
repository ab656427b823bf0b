import type { JsonValue } from '../json.ts';
import { compileJsonPath } from './json-path.ts';
import type { EventEnvelope, RuleSpec, RuleTarget } from './rule.ts';

/** Makes what a target receives of an event; the text is when the event came in, ISO 8601. */
export type TargetInput = (event: EventEnvelope, ingestionTime: string) => JsonValue;

type Variables = (event: EventEnvelope, ingestionTime: string) => Map<string, JsonValue | undefined>;

const parseOrText = (text: string): JsonValue => {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
};

const withoutQuotes = (json: string) => json.slice(1, -1);

/** Text that may stand inside a JSON string: strings as they are, other values as their JSON. */
const asPartOfString = (value: JsonValue | undefined): string => {
  if (value === undefined) return '';
  return withoutQuotes(JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)));
};

const asValue = (value: JsonValue | undefined): string => JSON.stringify(value ?? null);

/** A piece of the template: text, or a placeholder with whether it stands inside quotes. */
type Piece = { text: string } | { name: string; isQuoted: boolean };

const readTemplate = (template: string): Piece[] => {
  const pieces: Piece[] = [];
  let isQuoted = false;
  for (const [token, name] of template.matchAll(/\\.|<([\w.-]+)>|"|[^"\\<]+|[\s\S]/g)) {
    if (token === '"') isQuoted = !isQuoted;
    pieces.push(name === undefined ? { text: token } : { name, isQuoted });
  }
  return pieces;
};

const checkNames = (pieces: Piece[], names: string[], template: string) => {
  for (const piece of pieces) {
    if ('name' in piece && !names.includes(piece.name) && !piece.name.startsWith('aws.events.')) {
      throw new Error(`The input template ${template} names <${piece.name}>, which no input path defines.`);
    }
  }
};

const predefined = (rule: RuleSpec): Variables => {
  return (event, ingestionTime) => {
    const { detail: _, ...withoutDetail } = event;
    return new Map<string, JsonValue | undefined>([
      ['aws.events.rule-arn', rule.arn],
      ['aws.events.rule-name', rule.name],
      ['aws.events.event.ingestion-time', ingestionTime],
      ['aws.events.event', withoutDetail],
      ['aws.events.event.json', event],
    ]);
  };
};

const compileTransformer = (
  { inputPathsMap, inputTemplate }: NonNullable<RuleTarget['inputTransformer']>,
  rule: RuleSpec,
): TargetInput => {
  const paths = Object.entries(inputPathsMap).map(([name, path]) => [name, compileJsonPath(path)] as const);
  const pieces = readTemplate(inputTemplate);
  checkNames(pieces, Object.keys(inputPathsMap), inputTemplate);
  const variables = predefined(rule);
  return (event, ingestionTime) => {
    const values = variables(event, ingestionTime);
    for (const [name, read] of paths) values.set(name, read(event));
    const write = (piece: Piece): string => {
      if ('text' in piece) return piece.text;
      const value = values.get(piece.name);
      return piece.isQuoted ? asPartOfString(value) : asValue(value);
    };
    return parseOrText(pieces.map(write).join(''));
  };
};

/** Reads how a target wants its input: constant, a part, a template, or the event itself. Throws when it cannot. */
export const compileTargetInput = (target: RuleTarget, rule: RuleSpec): TargetInput => {
  if (target.inputTransformer) return compileTransformer(target.inputTransformer, rule);
  if (target.input !== undefined) {
    const constant = parseOrText(target.input);
    return () => constant;
  }
  if (target.inputPath === undefined) return (event) => event;
  const read = compileJsonPath(target.inputPath);
  return (event) => read(event) ?? null;
};
