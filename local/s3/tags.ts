import { childText, type XmlNode } from '../http/xml.ts';
import { S3Error } from './s3-error.ts';

export type Tags = Record<string, string>;

const mostTags = 10;
const longestName = 128;
const longestValue = 256;
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const invalid = (message: string) => new S3Error('InvalidTag', { message });

/** Checks a set of tags by S3's rules; throws InvalidTag or BadRequest. */
const checkTags = (pairs: (readonly [name: string, value: string])[]): Tags => {
  if (pairs.length > mostTags) {
    throw new S3Error('BadRequest', { message: `Object tags cannot be greater than ${mostTags}` });
  }
  for (const [name, value] of pairs) {
    if (name === '' || name.length > longestName || !allowed.test(name)) {
      throw invalid('The TagKey you have provided is invalid');
    }
    if (value.length > longestValue || !allowed.test(value)) {
      throw invalid('The TagValue you have provided is invalid');
    }
    if (name.startsWith('aws:')) throw invalid('System tags cannot be added/updated by requester');
  }
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length < pairs.length) {
    throw invalid('Cannot provide multiple Tags with the same key');
  }
  return tags;
};

/** Tags as x-amz-tagging has them: `a=b&c=d`, percent-encoded. */
export const readTaggingHeader = (text: string): Tags => checkTags([...new URLSearchParams(text)]);

/** Tags as a Tagging document has them. */
export const readTaggingDocument = (root: XmlNode): Tags => {
  const set = root.children.find(({ name }) => name === 'TagSet');
  if (root.name !== 'Tagging' || !set) throw new S3Error('MalformedXML');
  const pairs = set.children.map((node) => {
    const [name, value] = [childText(node, 'Key'), childText(node, 'Value')];
    if (node.name !== 'Tag' || name === undefined || value === undefined) throw new S3Error('MalformedXML');
    return [name, value] as const;
  });
  return checkTags(pairs);
};
