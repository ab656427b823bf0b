import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';

type Options = { position: false; xmlns: false };
export type XmlTag = { name: string; attributes: Record<string, string>; isSelfClosing: boolean };

/** What happens to a part on its way: events that are not named pass as they are. */
export type XmlEdits = {
  /** Text before the tag; `drop` leaves out the element and all in it. May change the tag's attributes. */
  open?: (tag: XmlTag, depth: number) => { before?: string; drop?: boolean } | undefined;
  /** Text before the closing tag; also called for an element that closes itself, which is then written out in full. */
  close?: (name: string, depth: number) => string | undefined;
  /** Sees the text that passes. */
  text?: (text: string) => void;
};

/** Hardly any text of a sheet has to be changed. */
const needsEscape = /[&<>]|[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/;
const attributeNeedsEscape = /[&<>"]|[^\u0020-\ud7ff\ue000-\ufffd]/;

const escapedXml = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** Text that can stand in XML, its markup escaped. */
export const escapeXml = (text: string): string => (needsEscape.test(text) ? escapedXml(text) : text);

export const escapeAttribute = (text: string): string =>
  attributeNeedsEscape.test(text)
    ? escapedXml(text)
        .replaceAll('"', '&quot;')
        .replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
    : text;

/** The name without its prefix. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The prefix with its colon, empty when there is none. */
export const prefixOf = (name: string): string => name.slice(0, name.indexOf(':') + 1);

const startTag = ({ name, attributes }: XmlTag): string => {
  let tag = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) tag += ` ${key}="${escapeAttribute(value)}"`;
  return tag;
};

/** Parses a part and writes it again with the edits; the caller takes the text from `take` after each write. */
const createRewriter = ({ open, close, text: see }: XmlEdits) => {
  const parser = new SaxesParser<Options>({ position: false, xmlns: false });
  let pieces: string[] = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'];
  let depth = 0;
  let droppedFrom: number | undefined;

  const write = (text: string): void => {
    if (droppedFrom === undefined) pieces.push(text);
  };

  parser.on('opentag', (tag) => {
    depth += 1;
    if (droppedFrom !== undefined) return;
    const { before = '', drop = false } = open?.(tag, depth) ?? {};
    write(before);
    if (drop) droppedFrom = depth;
    else write(`${startTag(tag)}>`);
  });
  parser.on('closetag', ({ name }) => {
    if (droppedFrom === undefined) {
      const inside = close?.(name, depth) ?? '';
      const last = pieces.length - 1;
      // An element that was empty stays written in the short form.
      if (inside === '' && pieces[last]?.startsWith(`<${name}`) && pieces[last].endsWith('>'))
        pieces[last] = `${pieces[last].slice(0, -1)}/>`;
      else write(`${inside}</${name}>`);
    }
    if (droppedFrom === depth) droppedFrom = undefined;
    depth -= 1;
  });
  const pass = (text: string): void => {
    see?.(text);
    write(escapeXml(text));
  };
  parser.on('text', pass);
  parser.on('cdata', pass);
  parser.on('comment', (text) => write(`<!--${text}-->`));
  parser.on('processinginstruction', ({ target, body }) => write(`<?${target} ${body}?>`));

  return {
    write: (text: string): void => {
      parser.write(text);
    },
    end: (): void => {
      parser.close();
    },
    take: (): string => {
      const text = pieces.join('');
      pieces = [];
      return text;
    },
  };
};

const decoderFor = ([first, second]: Buffer): TextDecoder => {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  return new TextDecoder(first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8');
};

/** Rewrites a part as it streams through; nothing of it is held but the tag at work. */
export async function* rewriteXml(chunks: AsyncIterable<Buffer>, edits: XmlEdits): AsyncGenerator<Buffer> {
  const rewriter = createRewriter(edits);
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk);
    rewriter.write(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(rewriter.take());
  }
  rewriter.write(decoder?.decode() ?? '');
  rewriter.end();
  yield Buffer.from(rewriter.take());
}

/** Rewrites a small part held in memory. */
export const rewriteWhole = async (content: Buffer, edits: XmlEdits): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  const once = async function* (): AsyncGenerator<Buffer> {
    yield content;
  };
  for await (const piece of rewriteXml(once(), edits)) pieces.push(piece);
  return Buffer.concat(pieces);
};
