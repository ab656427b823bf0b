import type { HttpResponse } from '../http/serve.ts';
import { writeCondition } from './conditions.ts';
import { etagOf } from './encryption.ts';
import { checksumHeaders, readDescription, storedHeaders } from './object-headers.ts';
import { receiveBody } from './receive-body.ts';
import { openRequestBody } from './request-body.ts';
import { type ObjectRequest, originOf } from './s3-request.ts';

/** PutObject. */
export const putObject = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { bucket, key, headers } = request;
  const description = readDescription(headers, bucket.spec);
  const precondition = writeCondition(headers, bucket.state.current(key));
  const { source, claims } = openRequestBody(request, request.signature);
  const { file, path } = bucket.newFile();
  const { checksum, etag, size } = await receiveBody(source, path, claims);
  const stored = await bucket.put(
    {
      key,
      file,
      size,
      etag: etagOf(etag, description.encryption),
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
      ...storedHeaders(stored, bucket.spec),
      ...checksumHeaders(stored.checksum),
    },
  };
};
