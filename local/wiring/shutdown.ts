/** Collects what has been started, to end it in reverse order: each end is tried, the first error is thrown. */
export const createShutdown = () => {
  const ends: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const endAll = async () => {
    const errors: unknown[] = [];
    for (const end of ends.splice(0).reverse()) await end().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  };
  return {
    /** Remembers to close it, and hands it back. */
    closes<T extends { close(): Promise<void> }>(started: T): T {
      ends.push(() => started.close());
      return started;
    },
    /** Calls after the first wait for it. */
    close(): Promise<void> {
      closing ??= endAll();
      return closing;
    },
  };
};
export type Shutdown = ReturnType<typeof createShutdown>;
