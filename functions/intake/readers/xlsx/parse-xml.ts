import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { asDamaged, InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';

/** An attribute by its local name; prefixes vary between writers. */
export type Attributes = Readonly<Record<string, string>>;

/** Names are local: whatever prefix and namespace (transitional or strict) a writer used is gone. */
export type XmlEvents = {
  open?: (name: string, attributes: Attributes) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const decoderFor = ([first, second]: Buffer): TextDecoder => {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  return new TextDecoder('utf-8', { fatal: true });
};

type PlainXml = { position: false; xmlns: false };

const createParser = (events: XmlEvents, onToken: () => void): SaxesParser<PlainXml> => {
  const parser = new SaxesParser<PlainXml>({ position: false, xmlns: false });
  let depth = 0;
  parser.on('doctype', () => {
    throw new InvalidFile('UNSAFE_XML', { technical: 'DOCTYPE' });
  });
  parser.on('opentag', ({ name, attributes }) => {
    onToken();
    depth += 1;
    if (depth > limits.xmlDepth) throw new InvalidFile('UNSAFE_XML', { technical: 'depth' });
    events.open?.(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    onToken();
    depth -= 1;
    events.close?.(localName(name));
  });
  const { text } = events;
  if (text) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  return parser;
};

/**
 * Parses one XML part as it inflates and stops after each chunk, so that the caller can take what the events made.
 * Refuses DTDs (and with them entities), deep nesting, and a single tag or text beyond its bound.
 */
export async function* parseXml(chunks: AsyncIterable<Buffer>, events: XmlEvents): AsyncGenerator<void> {
  let bytesSinceToken = 0;
  const parser = createParser(events, () => {
    bytesSinceToken = 0;
  });
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of chunks) {
      decoder ??= decoderFor(chunk);
      bytesSinceToken += chunk.length;
      parser.write(decoder.decode(chunk, { stream: true }));
      if (bytesSinceToken > limits.xmlTokenBytes) throw new InvalidFile('UNSAFE_XML', { technical: 'token' });
      yield;
    }
    parser.write(decoder?.decode() ?? '').close();
  } catch (error) {
    throw asDamaged(error);
  }
  yield;
}

/** Parses a part to its end. */
export const parseWhole = async (chunks: AsyncIterable<Buffer>, events: XmlEvents): Promise<void> => {
  const parsing = parseXml(chunks, events);
  while (!(await parsing.next()).done);
};
