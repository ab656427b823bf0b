import type { CallPort } from '../../../local/calls/call-port.ts';

/** A port that tells when a call is held open. */
export const watchedPort = (port: CallPort) => {
  let held = 0;
  let told = Promise.withResolvers<void>();
  const calls: CallPort = {
    reach: port.reach,
    pass: (call, perform, line) =>
      port.pass(call, perform, {
        untilHungUp: async () => {
          held += 1;
          told.resolve();
          try {
            await line.untilHungUp();
          } finally {
            held -= 1;
            if (held === 0) told = Promise.withResolvers();
          }
        },
      }),
  };
  return {
    calls,
    /** Resolves once a call is held open; at once while one is. */
    untilHeld: (): Promise<void> => told.promise,
  };
};
