import type { HttpResponse } from '../http/serve.ts';
import { writeCondition } from './conditions.ts';
import { checksumHeaders, readDescription, versionHeader } from './object-headers.ts';
import { receiveBody } from './receive-body.ts';
import { openRequestBody } from './request-body.ts';
import { type ObjectRequest, originOf } from './s3-request.ts';

/** PutObject. */
export const putObject = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { bucket, key, headers } = request;
  const description = readDescription(headers);
  const precondition = writeCondition(headers);
  const { source, claims } = openRequestBody(request, request.signature);
  const { file, path } = bucket.newFile();
  const { checksum, ...received } = await receiveBody(source, path, claims);
  const stored = await bucket.put(
    {
      key,
      file,
      ...received,
      ...description,
      checksum: checksum && { ...checksum, type: 'FULL_OBJECT' },
      precondition,
    },
    originOf(request, 'PutObject'),
  );
  return {
    status: 200,
    headers: {
      etag: `"${stored.etag}"`,
      ...versionHeader(stored),
      ...checksumHeaders(stored.checksum),
    },
  };
};
