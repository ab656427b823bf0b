import type { JsonValue } from '../../json.ts';
import type { ReaderConfig } from '../definition/map-schemas.ts';
import { itemReaderFailed } from './map-run-error.ts';
import { csvRows } from './parse-csv.ts';

/** One item of a dataset: what a child gets of it, and what the context shows of it. */
export type Item = { input: JsonValue; value: JsonValue; key?: string };

const plain = (value: JsonValue): Item => ({ input: value, value });

const parseJson = (text: string): JsonValue => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw itemReaderFailed(`The dataset is no JSON: ${String(error)}`);
  }
};

const pointedAt = (value: JsonValue, pointer: string): JsonValue => {
  let at: JsonValue | undefined = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = at !== null && typeof at === 'object' ? (Array.isArray(at) ? at[Number(key)] : at[key]) : undefined;
  }
  if (at === undefined) throw itemReaderFailed(`The ItemsPointer '${pointer}' points at nothing.`);
  return at;
};

/** The items of a list, or of an object, whose fields become items of Key and Value. */
export function* itemsOf(dataset: JsonValue): Generator<Item> {
  if (Array.isArray(dataset)) {
    for (const value of dataset) yield plain(value);
  } else if (dataset !== null && typeof dataset === 'object') {
    for (const [key, value] of Object.entries(dataset))
      yield { input: { Key: key, Value: value }, value, key };
  } else {
    throw itemReaderFailed('The dataset is neither a JSON array nor a JSON object.');
  }
}

function* csvItems(text: string, { CSVDelimiter, CSVHeaders }: ReaderConfig): Generator<Item> {
  let headers = CSVHeaders;
  for (const row of csvRows(text, CSVDelimiter)) {
    if (headers === undefined) headers = row;
    else yield plain(Object.fromEntries(headers.map((header, index) => [header, row[index] ?? ''])));
  }
}

/** The items in the text of an object, as its reader is configured; throws MapRunError. */
export function* parseItems(text: string, config: ReaderConfig): Generator<Item> {
  if (config.InputType === 'CSV') yield* csvItems(text, config);
  else if (config.InputType === 'JSONL') {
    for (const line of text.split('\n')) if (line.trim() !== '') yield plain(parseJson(line));
  } else yield* itemsOf(pointedAt(parseJson(text), config.ItemsPointer ?? ''));
}
