import { cellReference } from '../../readers/cell.ts';
import { columnOf } from '../../readers/xlsx/column-of.ts';
import { escapeXml, localName, prefixOf, rewriteWhole } from './rewrite-xml.ts';

/** A note on a cell: column from 0, row 1-based. */
export type SheetNote = { column: number; row: number; text: string };

const noteAuthor = 'Rudan 入单';

/** Starts every note of a result, which are taken out when the file comes again: some programs lose the authors of notes. */
export const resultNoteMark = `${noteAuthor}\n`;

export const emptyNotes = (namespace: string): Buffer =>
  Buffer.from(`<comments xmlns="${namespace}"><authors></authors><commentList></commentList></comments>`);

export const emptyDrawing = Buffer.from(
  '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">' +
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>' +
    '</xml>',
);

type Known = { authors: string[]; notes: { reference: string; text: string }[] };

const readNotes = async (comments: Buffer): Promise<Known> => {
  const known: Known = { authors: [], notes: [] };
  let inside: 'author' | 'comment' | undefined;
  await rewriteWhole(comments, {
    open: ({ name, attributes: { ref = '' } }) => {
      if (localName(name) === 'author') {
        known.authors.push('');
        inside = 'author';
      } else if (localName(name) === 'comment') {
        known.notes.push({ reference: ref, text: '' });
        inside = 'comment';
      }
      return undefined;
    },
    text: (text) => {
      if (inside === 'author') known.authors.push(`${known.authors.pop() ?? ''}${text}`);
      const note = known.notes.at(-1);
      if (inside === 'comment' && note) note.text += text;
    },
    close: (name) => {
      if (localName(name) === 'author') inside = undefined;
      return undefined;
    },
  });
  return known;
};

const noteElement = (prefix: string, { column, row, text }: SheetNote, author: number): string =>
  `<${prefix}comment ref="${cellReference(column, row)}" authorId="${author}"><${prefix}text><${prefix}r><${prefix}t xml:space="preserve">${escapeXml(text)}</${prefix}t></${prefix}r></${prefix}text></${prefix}comment>`;

/** A box for the note, which spreadsheet programs want in this older kind of drawing before they show it. */
const shape = ({ column, row }: SheetNote, id: number): string =>
  `<v:shape id="_x0000_s${id}" type="#_x0000_t202" style="position:absolute;width:240pt;height:80pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:path o:connecttype="none"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`;

const placeOf = (reference: string): string =>
  `${Number(/\d+$/.exec(reference)?.[0] ?? 0) - 1},${columnOf(reference)}`;

const shapePlace = (text: string): string =>
  `${/<x:Row>\s*(\d+)/.exec(text)?.[1]},${/<x:Column>\s*(\d+)/.exec(text)?.[1]}`;

const shapePattern = /<v:shape\b[\s\S]*?<\/v:shape>/g;

const drawNotes = (
  drawing: Buffer,
  gone: ReadonlySet<string>,
  notes: readonly SheetNote[],
): Buffer | undefined => {
  const text = drawing.toString('utf8');
  const end = text.lastIndexOf('</xml>');
  if (end < 0) return undefined;
  const kept = text
    .slice(0, end)
    .replaceAll(shapePattern, (found) => (gone.has(shapePlace(found)) ? '' : found));
  const ids = [...kept.matchAll(/id="_x0000_s(\d+)"/g)].map(([, id]) => Number(id));
  const first = Math.max(1024, ...ids) + 1;
  return Buffer.from(`${kept}${notes.map((note, index) => shape(note, first + index)).join('')}</xml>`);
};

/**
 * Adds notes to those that a sheet has, in place of the ones that an earlier result left. A cell with a note of the
 * sender's own keeps that one. Undefined when the drawing is not understood.
 */
export const addNotes = async (
  { comments, drawing }: { comments: Buffer; drawing: Buffer },
  notes: readonly SheetNote[],
): Promise<{ comments: Buffer; drawing: Buffer } | undefined> => {
  const known = await readNotes(comments);
  const isOurs = ({ text }: Known['notes'][number]): boolean =>
    text.trimStart().startsWith(resultNoteMark.trim());
  const taken = new Set(known.notes.filter((note) => !isOurs(note)).map(({ reference }) => reference));
  const added = notes.filter(({ column, row }) => !taken.has(cellReference(column, row)));
  const gone = new Set(known.notes.filter(isOurs).map(({ reference }) => placeOf(reference)));
  const drawn = drawNotes(drawing, gone, added);
  if (!drawn) return undefined;
  const isKnownAuthor = known.authors.includes(noteAuthor);
  const author = isKnownAuthor ? known.authors.indexOf(noteAuthor) : known.authors.length;
  let index = -1;
  const written = await rewriteWhole(comments, {
    open: ({ name }) => {
      if (localName(name) !== 'comment') return undefined;
      index += 1;
      const note = known.notes[index];
      return { drop: note !== undefined && isOurs(note) };
    },
    close: (name) => {
      const prefix = prefixOf(name);
      if (localName(name) === 'authors' && !isKnownAuthor)
        return `<${prefix}author>${escapeXml(noteAuthor)}</${prefix}author>`;
      return localName(name) === 'commentList'
        ? added.map((note) => noteElement(prefix, note, author)).join('')
        : undefined;
    },
  });
  return { comments: written, drawing: drawn };
};
