import * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import type { ItemReader } from '../definition/map-schemas.ts';
import type { MapRunPhase } from '../frame.ts';
import { TaskError } from '../integration.ts';
import { itemReaderFailed, MapRunError } from './map-run-error.ts';
import { type Item, itemsOf, parseItems } from './parse-items.ts';
import { type CallService, listObjects, readObject } from './s3-calls.ts';

/** An item and where it comes from, as the context names it. */
export type SourcedItem = Item & { source: string };

const placeSchema = z.looseObject({ Bucket: z.string(), Key: z.string().default('') });

const bucketOf = (args: JsonValue): string => {
  const place = placeSchema.safeParse(args);
  if (!place.success) throw itemReaderFailed("The ItemReader's Arguments name no Bucket.");
  return place.data.Bucket;
};

async function* objectItems(
  { ReaderConfig }: ItemReader,
  args: JsonValue,
  call: CallService,
): AsyncGenerator<SourcedItem> {
  const source = `s3://${bucketOf(args)}/${placeSchema.parse(args).Key}`;
  for (const item of parseItems(await readObject(call, args), ReaderConfig)) yield { ...item, source };
}

async function* listedItems(
  reader: ItemReader,
  args: JsonValue,
  call: CallService,
): AsyncGenerator<SourcedItem> {
  const Bucket = bucketOf(args);
  const isFlat = reader.ReaderConfig.Transformation === 'LOAD_AND_FLATTEN';
  for await (const value of listObjects(call, args)) {
    if (isFlat) yield* objectItems(reader, { Bucket, Key: value.Key }, call);
    else yield { input: value, value, source: `s3://${Bucket}` };
  }
}

const asReaderFailure = (error: unknown): MapRunError => {
  if (error instanceof MapRunError) return error;
  return itemReaderFailed(error instanceof TaskError ? error.cause : String(error));
};

/** The items of a map run, in order; throws MapRunError States.ItemReaderFailed. */
export async function* readItems(
  source: MapRunPhase['source'],
  reader: ItemReader | undefined,
  call: CallService,
): AsyncGenerator<SourcedItem> {
  if ('items' in source) {
    for (const item of itemsOf(source.items)) yield { ...item, source: 'STATE_DATA' };
    return;
  }
  if (reader === undefined) return;
  const { arguments: args, maxItems } = source;
  const readAll = reader.Resource.endsWith(':listObjectsV2') ? listedItems : objectItems;
  let left = maxItems || Number.POSITIVE_INFINITY;
  try {
    for await (const item of readAll(reader, args, call)) {
      yield item;
      left -= 1;
      if (left <= 0) return;
    }
  } catch (error) {
    throw asReaderFailure(error);
  }
}
