import { type Clock, untilTime } from '../clock.ts';
import { AccessDenied, type AccessNeed, type Authorizer } from '../iam/access.ts';
import type { Activity } from './activity.ts';
import { type Call, siteOf } from './call.ts';
import type { CallPort, Line, Perform } from './call-port.ts';

/** The one way that calls take: through the port, then past the policies, then to the service. */
export type Gate = {
  /** `hungUp` aborts when a client outside has gone; a call from inside is given up after a minute. */
  pass<Answer>(
    call: Call,
    needs: () => readonly AccessNeed[],
    perform: Perform<Answer>,
    hungUp?: AbortSignal,
  ): Promise<Answer>;
  /** Throws AccessDenied unless the caller may do this too, which shows only while the call is carried out. */
  check(call: Call, needs: readonly AccessNeed[]): void;
  /** Cuts every call that is held open. */
  close(): Promise<void>;
};

export type GateOptions = {
  calls: CallPort;
  authorizer: Pick<Authorizer, 'authorize'>;
  activity: Activity;
  clock: Clock;
  /** Told of every refusal, one line each. */
  log: (line: string) => void;
};

const givesUpAfterMs = 60_000;

const untilAbort = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

export const createGate = ({ calls, authorizer, activity, clock, log }: GateOptions): Gate => {
  const closing = new AbortController();

  const lineOf = (caller: string, hungUp: AbortSignal | undefined): Line => ({
    untilHungUp: () =>
      hungUp
        ? activity.held(caller, () => untilAbort(AbortSignal.any([hungUp, closing.signal])))
        : activity.outside(() =>
            untilTime(clock, clock.now() + givesUpAfterMs, closing.signal).catch(() => {}),
          ),
  });
  const check: Gate['check'] = (call, needs) => {
    try {
      authorizer.authorize(call.caller, needs);
    } catch (error) {
      if (error instanceof AccessDenied) log(`${siteOf(call)} is denied: ${error.message}`);
      throw error;
    }
  };

  return {
    pass: (call, needs, perform, hungUp) =>
      calls.pass(
        call,
        async (alteration) => {
          check(call, needs());
          return perform(alteration);
        },
        lineOf(call.caller, hungUp),
      ),
    check,
    async close() {
      closing.abort();
    },
  };
};
