import type { Feature, Image } from 'write-excel-file/node';
import { cellReference } from '../readers/cell.ts';

/** A note on a cell; row and column count from 0 in the written sheet. */
export type CellNote = { row: number; column: number; text: string };

const relationType = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const author = 'Rudan';

const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

const commentsPart = (notes: readonly CellNote[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>${author}</author></authors><commentList>`,
    ...notes.map(
      ({ row, column, text }) =>
        `<comment ref="${cellReference(column, row + 1)}" authorId="0"><text><t xml:space="preserve">${escaped(text)}</t></text></comment>`,
    ),
    '</commentList></comments>',
  ].join('');

/** Spreadsheet programs show a note only where this older drawing gives it a box. */
const drawingPart = (notes: readonly CellNote[]): string =>
  [
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">',
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>',
    ...notes.map(
      ({ row, column }, index) =>
        `<v:shape id="_x0000_s${1025 + index}" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:240pt;height:80pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>${row}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`,
    ),
    '</xml>',
  ].join('');

/** Adds notes to the first sheet of a workbook: write-excel-file has none of its own. */
export const cellNotes = (notes: readonly CellNote[]): Feature<Image['content']> => {
  const onFirstSheet =
    (content: string) =>
    (_options: unknown, { sheetIndex }: { sheetIndex: number }): string | undefined =>
      sheetIndex === 0 ? content : undefined;
  return {
    files: {
      transform: {
        '[Content_Types].xml': {
          insert: () =>
            '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>' +
            '<Override PartName="/xl/comments1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>',
        },
        'xl/worksheets/sheet{id}.xml': {
          insert: onFirstSheet(`<legacyDrawing xmlns:r="${relationType}" r:id="rId-notes-drawing"/>`),
        },
        'xl/worksheets/_rels/sheet{id}.xml.rels': {
          insert: onFirstSheet(
            `<Relationship Id="rId-notes" Type="${relationType}/comments" Target="../comments1.xml"/>` +
              `<Relationship Id="rId-notes-drawing" Type="${relationType}/vmlDrawing" Target="../drawings/notes1.vml"/>`,
          ),
        },
      },
      write: {
        files: () => ({
          'xl/comments1.xml': commentsPart(notes),
          'xl/drawings/notes1.vml': drawingPart(notes),
        }),
      },
    },
  };
};
