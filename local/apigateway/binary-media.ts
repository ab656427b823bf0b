/** Whether a media type is one that an API takes and gives as bytes. */
export const isBinary = (mediaType: string | undefined, binaryMediaTypes: readonly string[]): boolean => {
  const type = mediaType?.split(';')[0]?.trim() ?? '';
  return binaryMediaTypes.some(
    (one) => one === '*/*' || one === type || (one.endsWith('/*') && type.startsWith(one.slice(0, -1))),
  );
};
