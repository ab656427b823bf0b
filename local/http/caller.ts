const headerCredential = /^AWS4-HMAC-SHA256\s+.*?Credential=([^/,\s]+)\//;

/** The access key id a request claims in its Authorization header or presigned query; not yet proven. */
export const callerAccessKeyId = (request: {
  headers: Record<string, string>;
  query: URLSearchParams;
}): string | undefined =>
  headerCredential.exec(request.headers.authorization ?? '')?.[1] ??
  request.query.get('X-Amz-Credential')?.split('/')[0];
