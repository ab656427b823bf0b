import type { HttpResponse } from '../http/serve.ts';
import { parseXml, toXml, type XmlContent, type XmlNode } from '../http/xml.ts';
import { readClaimedBody } from './receive-body.ts';
import { openRequestBody } from './request-body.ts';
import { S3Error } from './s3-error.ts';
import type { BucketRequest } from './s3-request.ts';

const largestDocumentBytes = 2 * 1024 * 1024;

export const xmlResponse = (
  root: string,
  content: XmlContent,
  headers: Record<string, string> = {},
): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml', ...headers },
  body: toXml(root, content, 'http://s3.amazonaws.com/doc/2006-03-01/'),
});

/** Parses a document; throws MalformedXML. */
export const readXml = (text: string): XmlNode => {
  try {
    return parseXml(text);
  } catch {
    throw new S3Error('MalformedXML');
  }
};

/** The XML document of a request, its digests checked as those of an object are. */
export const readXmlBody = async (request: BucketRequest): Promise<XmlNode> => {
  const chunks: Buffer[] = [];
  const { source, claims } = openRequestBody(request, request.signature);
  const keep = (chunk: Buffer) => {
    chunks.push(chunk);
  };
  await readClaimedBody(source, keep, claims, { maxBytes: largestDocumentBytes });
  return readXml(Buffer.concat(chunks).toString('utf8'));
};
