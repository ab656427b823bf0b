/** What ends a map run, in the terms of the Map's Retry and Catch. */
export class MapRunError extends Error {
  override readonly name = 'MapRunError';
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}

/** The items could not be read from S3, or are not what the reader was told. */
export const itemReaderFailed = (cause: string): MapRunError =>
  new MapRunError('States.ItemReaderFailed', cause);
