import type { PackageFile } from './package-file.ts';
import { openRelationships, relationshipBases } from './relationships.ts';
import { escapeAttribute, localName, prefixOf, rewriteWhole } from './rewrite-xml.ts';

type Sheet = { name: string; id: number; relationshipId: string };

/** The workbook part and what it lists. New sheets are written behind those that are there. */
export const openWorkbook = async (file: PackageFile) => {
  const part = (await openRelationships(file, '')).targetOf({ kind: 'officeDocument' }) ?? 'xl/workbook.xml';
  const content = await file.read(part);
  const sheets: Sheet[] = [];
  let prefix = '';
  let namespace = '';
  await rewriteWhole(content, {
    open: ({ name, attributes }, depth) => {
      if (depth === 1) {
        prefix = prefixOf(name);
        namespace = attributes[prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`] ?? '';
      }
      if (localName(name) === 'sheet')
        sheets.push({
          name: attributes.name ?? '',
          id: Number(attributes.sheetId ?? 0),
          relationshipId: Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '',
        });
      return undefined;
    },
  });
  const base = namespace.includes('purl.oclc.org')
    ? relationshipBases.strict
    : relationshipBases.transitional;
  const relationships = await openRelationships(file, part, base);
  const added: Sheet[] = [];

  return {
    part,
    /** Of spreadsheet elements, in this file's variant of OOXML. */
    namespace,
    relationshipBase: base,
    relationships,
    stylesPart: relationships.targetOf({ kind: 'styles' }),
    /** The part of the sheet with this name, a new one when there is none. */
    sheetPart: (name: string): string => {
      const known = sheets.find((sheet) => sheet.name.toLowerCase() === name.toLowerCase());
      const target = known && relationships.targetOf({ id: known.relationshipId });
      if (target) return target;
      const partName = file.newName('xl/worksheets/sheet', '.xml');
      const id = Math.max(0, ...[...sheets, ...added].map((sheet) => sheet.id)) + 1;
      added.push({ name, id, relationshipId: relationships.add('worksheet', partName) });
      return partName;
    },
    write: (): Promise<Buffer> =>
      rewriteWhole(content, {
        close: (tag) =>
          localName(tag) === 'sheets'
            ? added
                .map(
                  ({ name, id, relationshipId }) =>
                    `<${prefix}sheet name="${escapeAttribute(name)}" sheetId="${id}" xmlns:r="${base}" r:id="${relationshipId}"/>`,
                )
                .join('')
            : undefined,
      }),
  };
};
export type OpenWorkbook = Awaited<ReturnType<typeof openWorkbook>>;
