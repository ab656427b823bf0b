import { anXlsx, contentTypes, workbook, worksheet, xlsxType } from '../../an-xlsx.ts';
import { type HostileCase, hostile, noise, sheetPart } from './hostile-case.ts';

const inSheet = (content: string | Buffer) => anXlsx('', { [sheetPart]: content });
const inPart = (part: string, content: string) => anXlsx('', { [part]: content });
const inRelationships = (content: string) =>
  inPart('xl/_rels/workbook.xml.rels', `<Relationships>${content}</Relationships>`);

const laughs = `<!DOCTYPE s [<!ENTITY a "ha">${'bcdefghij'
  .split('')
  .map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghij'[index]};`.repeat(10)}">`)
  .join('')}]>`;

const anyParts: readonly (readonly [name: string, part: string])[] = [
  ['the content types', '[Content_Types].xml'],
  ['the relationships', '_rels/.rels'],
  ['the workbook', 'xl/workbook.xml'],
  ['the styles', 'xl/styles.xml'],
  ['the shared strings', 'xl/sharedStrings.xml'],
];

/** Parts that are no XML, or XML that is made to hurt. */
export const xmlCases: readonly HostileCase[] = [
  ...anyParts.map(([name, part]) =>
    hostile(`billion laughs in ${name}`, 'UNSAFE_XML', () => inPart(part, `${laughs}<s>&j;</s>`)),
  ),
  hostile('a DTD', 'UNSAFE_XML', () => inSheet('<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet/>')),
  hostile('a DTD in UTF-16', 'UNSAFE_XML', () =>
    inSheet(Buffer.from('\ufeff<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet/>', 'utf16le')),
  ),
  hostile('a DTD from elsewhere', 'UNSAFE_XML', () =>
    inSheet('<!DOCTYPE w SYSTEM "http://example.com/w.dtd"><worksheet/>'),
  ),
  hostile('an entity of a file', 'UNSAFE_XML', () =>
    inSheet('<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]><worksheet>&x;</worksheet>'),
  ),
  hostile('a parameter entity', 'UNSAFE_XML', () =>
    inSheet('<!DOCTYPE w [<!ENTITY % x SYSTEM "http://example.com/x">%x;]><worksheet/>'),
  ),
  hostile('an entity without a DTD', 'DAMAGED', () =>
    anXlsx('<row><c t="inlineStr"><is><t>&x;</t></is></c></row>'),
  ),
  hostile('deep nesting', 'UNSAFE_XML', () => inSheet('<a>'.repeat(1000) + '</a>'.repeat(1000))),
  hostile('nesting without end', 'UNSAFE_XML', () => inSheet('<a>'.repeat(1_000_000))),
  hostile('deep nesting of rich text', 'UNSAFE_XML', () =>
    inPart('xl/sharedStrings.xml', `<sst><si>${'<r>'.repeat(100)}${'</r>'.repeat(100)}</si></sst>`),
  ),
  hostile('a huge attribute', 'UNSAFE_XML', () => inSheet(`<worksheet a="${noise(2_000_000)}"/>`)),
  hostile('a huge comment', 'UNSAFE_XML', () => inSheet(`<worksheet><!--${noise(2_000_000)}--></worksheet>`)),
  hostile('a huge instruction', 'UNSAFE_XML', () =>
    inSheet(`<worksheet><?x ${noise(2_000_000)}?></worksheet>`),
  ),
  hostile('a huge name', 'UNSAFE_XML', () => inSheet(`<worksheet><${'a'.repeat(3_000_000)}`)),
  hostile('a huge CDATA section', 'UNSAFE_XML', () =>
    anXlsx(`<row><c t="inlineStr"><is><t><![CDATA[${noise(2_000_000)}]]></t></is></c></row>`),
  ),
  hostile('a huge value', 'UNSAFE_XML', () => anXlsx(`<row><c><v>${'1'.repeat(3_000_000)}</v></c></row>`)),
  hostile('attributes without number', 'UNSAFE_XML', () =>
    inSheet(`<worksheet ${Array.from({ length: 300_000 }, (_, index) => `a${index}=""`).join(' ')}/>`),
  ),
  hostile('an attribute twice', 'DAMAGED', () => inSheet('<worksheet a="1" a="2"/>')),
  hostile('broken XML', 'DAMAGED', () => inSheet('<worksheet><sheetData><row></worksheet>')),
  hostile('two roots', 'DAMAGED', () => inSheet('<worksheet/><worksheet/>')),
  hostile('text in place of XML', 'DAMAGED', () => inSheet('orders')),
  hostile('an empty part', 'DAMAGED', () => inSheet('')),
  hostile('invalid UTF-8 in a part', 'DAMAGED', () => inSheet(Buffer.from([0x3c, 0x61, 0x3e, 0xff]))),
  hostile('half a character at the end of a part', 'DAMAGED', () =>
    inSheet(Buffer.concat([Buffer.from('<worksheet/>'), Buffer.from([0xe8])])),
  ),
  hostile('a control character in XML', 'DAMAGED', () =>
    anXlsx('<row><c t="inlineStr"><is><t>\u0001</t></is></c></row>'),
  ),
  hostile('a character reference to nothing', 'DAMAGED', () =>
    anXlsx('<row><c t="inlineStr"><is><t>&#x110000;</t></is></c></row>'),
  ),
  hostile('content types that are no XML', 'DAMAGED', () => inPart('[Content_Types].xml', '{}')),
  hostile('content types without a type', 'NOT_A_SPREADSHEET', () =>
    inPart('[Content_Types].xml', '<Types/>'),
  ),
  hostile('a workbook whose sheet is the workbook', 'HEADER_MISSING', () =>
    inRelationships('<Relationship Id="rId1" Type="x/worksheet" Target="workbook.xml"/>'),
  ),
  hostile('relationships that go round in a circle', 'NO_SHEET', () =>
    inPart(
      '_rels/.rels',
      '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="_rels/.rels"/></Relationships>',
    ),
  ),
  hostile('a sheet outside the package', 'DAMAGED', () =>
    inRelationships('<Relationship Id="rId1" Type="x/worksheet" Target="../../../etc/passwd"/>'),
  ),
  hostile('a sheet on another computer', 'NO_SHEET', () =>
    inRelationships(
      '<Relationship Id="rId1" Type="x/worksheet" Target="http://example.com/" TargetMode="External"/>',
    ),
  ),
  hostile('no relationships', 'NO_SHEET', () => inRelationships('')),
  hostile('relationships without number', 'DAMAGED', () =>
    inRelationships(
      Array.from({ length: 5000 }, (_, index) => `<Relationship Id="r${index}" Type="x" Target="a"/>`).join(
        '',
      ),
    ),
  ),
  hostile('sheets without number', 'DAMAGED', () =>
    anXlsx(
      '',
      workbook(Array.from({ length: 1001 }, (_, index) => ({ name: `S${index}`, state: 'hidden' }))),
    ),
  ),
  hostile('only hidden sheets', 'NO_SHEET', () => anXlsx('', workbook([{ name: 'A', state: 'hidden' }]))),
  hostile('formats without number', 'DAMAGED', () =>
    inPart('xl/styles.xml', `<styleSheet><cellXfs>${'<xf/>'.repeat(70_000)}</cellXfs></styleSheet>`),
  ),
  hostile('another kind in the workbook part', 'NO_SHEET', () =>
    anXlsx('', { '[Content_Types].xml': contentTypes(xlsxType), 'xl/workbook.xml': worksheet('') }),
  ),
];
