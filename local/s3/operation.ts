const bucketOperations = {
  GET: 'ListObjects',
  'GET list-type': 'ListObjectsV2',
  'GET location': 'GetBucketLocation',
  'GET uploads': 'ListMultipartUploads',
  'GET versioning': 'GetBucketVersioning',
  'GET versions': 'ListObjectVersions',
  HEAD: 'HeadBucket',
  'POST delete': 'DeleteObjects',
} as const;

const objectOperations = {
  DELETE: 'DeleteObject',
  'DELETE tagging': 'DeleteObjectTagging',
  'DELETE uploadId': 'AbortMultipartUpload',
  GET: 'GetObject',
  'GET attributes': 'GetObjectAttributes',
  'GET tagging': 'GetObjectTagging',
  'GET uploadId': 'ListParts',
  HEAD: 'HeadObject',
  'POST uploadId': 'CompleteMultipartUpload',
  'POST uploads': 'CreateMultipartUpload',
  PUT: 'PutObject',
  'PUT copy': 'CopyObject',
  'PUT tagging': 'PutObjectTagging',
  'PUT uploadId': 'UploadPart',
  'PUT uploadId copy': 'UploadPartCopy',
} as const;

export type BucketOperation = (typeof bucketOperations)[keyof typeof bucketOperations];
export type ObjectOperation = (typeof objectOperations)[keyof typeof objectOperations];

/** Queries that make another operation of the same method and path, served or not. */
const subResources = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'list-type',
  'location',
  'logging',
  'metadataConfiguration',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
];

const entryOf = <Name extends string>(operations: Record<string, Name>, entry: string): Name | undefined =>
  Object.hasOwn(operations, entry) ? operations[entry] : undefined;

const entryName = (method: string, query: URLSearchParams, ...more: string[]): string =>
  [method, ...subResources.filter((name) => query.has(name)), ...more].join(' ');

/** What a request on a bucket asks for, as S3's API and IAM's s3Needs call it; undefined when it is not served. */
export const bucketOperation = (method: string, query: URLSearchParams): BucketOperation | undefined =>
  entryOf(bucketOperations, entryName(method, query));

/** What a request on a key asks for; undefined when it is not served. */
export const objectOperation = (
  method: string,
  { query, headers }: { query: URLSearchParams; headers: Record<string, string> },
): ObjectOperation | undefined => {
  const isCopy = method === 'PUT' && headers['x-amz-copy-source'] !== undefined;
  return entryOf(objectOperations, entryName(method, query, ...(isCopy ? ['copy'] : [])));
};
