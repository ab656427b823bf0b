import { SaxesParser } from 'saxes';

/** Content of an element: an array repeats the element, undefined leaves it out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | XmlContent[]
  | { [name: string]: XmlContent };

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeXml = (text: string): string =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must travel as references
    /[&<>"\u0000-\u001f\u007f]/g,
    (char) => entities[char] ?? `&#${char.charCodeAt(0)};`,
  );

const element = (name: string, content: XmlContent): string => {
  if (content === undefined) return '';
  if (Array.isArray(content)) return content.map((item) => element(name, item)).join('');
  return `<${name}>${inner(content)}</${name}>`;
};

function inner(content: XmlContent): string {
  if (typeof content !== 'object') return escapeXml(String(content ?? ''));
  return Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join('');
}

/** An XML document of one root element. */
export const toXml = (root: string, content: XmlContent, namespace?: string): string => {
  const xmlns = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${xmlns}>${inner(content)}</${root}>`;
};

export type XmlNode = { name: string; text: string; children: XmlNode[] };

/** Reads a document into its root node, namespaces dropped; throws on text that is not well-formed. */
export const parseXml = (text: string): XmlNode => {
  const top: XmlNode = { name: '', text: '', children: [] };
  const open = [top];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local }) => {
    const node: XmlNode = { name: local, text: '', children: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('text', (chars) => {
    const node = open.at(-1);
    if (node) node.text += chars;
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  const [root] = top.children;
  if (!root) throw new Error('The document has no root element.');
  return root;
};

/** The text of a node's first child of that name. */
export const childText = (node: XmlNode, name: string): string | undefined =>
  node.children.find((child) => child.name === name)?.text;
