import { posix } from 'node:path';
import type { PackageFile } from './package-file.ts';
import { escapeAttribute, localName, rewriteWhole } from './rewrite-xml.ts';

export type Relationship = { id: string; type: string; target: string; isExternal: boolean };

const packageNamespace = 'http://schemas.openxmlformats.org/package/2006/relationships';
/** Where the kinds of relationships are named: in files of the usual and of the strict variant of OOXML. */
export const relationshipBases = {
  transitional: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  strict: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
} as const;

/** `xl/worksheets/_rels/sheet1.xml.rels` of `xl/worksheets/sheet1.xml`. */
export const relationshipsPartOf = (part: string): string =>
  posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`);

/** The relationships of one part: what it has, and what is added to them. */
export const openRelationships = async (
  file: PackageFile,
  part: string,
  base: string = relationshipBases.transitional,
) => {
  const name = relationshipsPartOf(part);
  const found = file.find(name);
  const content = found
    ? await file.read(found)
    : Buffer.from(`<Relationships xmlns="${packageNamespace}"></Relationships>`);
  const known: Relationship[] = [];
  await rewriteWhole(content, {
    open: ({ name: tag, attributes: { Id = '', Type = '', Target = '', TargetMode } }) => {
      if (localName(tag) === 'Relationship')
        known.push({ id: Id, type: Type, target: Target, isExternal: TargetMode === 'External' });
      return undefined;
    },
  });
  const added: Relationship[] = [];
  const kindOf = (type: string): string => type.slice(type.lastIndexOf('/') + 1);
  const partOf = ({ target }: Relationship): string =>
    target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(part), target);

  return {
    name: found ?? name,
    /** The part that a relationship of this kind, or of this id, leads to. */
    targetOf: (wanted: { kind: string } | { id: string }): string | undefined => {
      const relationship = [...known, ...added].find(({ id, type, isExternal }) =>
        'id' in wanted ? id === wanted.id : !isExternal && kindOf(type) === wanted.kind,
      );
      return relationship && partOf(relationship);
    },
    idOf: (kind: string): string | undefined =>
      [...known, ...added].find(({ type }) => kindOf(type) === kind)?.id,
    /** Adds a relationship to another part of the package and gives its id. */
    add: (kind: string, target: string): string => {
      const id = `rIdRudan${known.length + added.length + 1}`;
      added.push({
        id,
        type: `${base}/${kind}`,
        target: posix.relative(posix.dirname(part), target),
        isExternal: false,
      });
      return id;
    },
    isChanged: (): boolean => added.length > 0,
    write: (): Promise<Buffer> =>
      rewriteWhole(content, {
        close: (tag) => {
          if (localName(tag) !== 'Relationships') return undefined;
          const prefix = tag.slice(0, tag.indexOf(':') + 1);
          return added
            .map(
              ({ id, type, target }) =>
                `<${prefix}Relationship Id="${id}" Type="${type}" Target="${escapeAttribute(target)}"/>`,
            )
            .join('');
        },
      }),
  };
};
export type Relationships = Awaited<ReturnType<typeof openRelationships>>;
