import type { Call, ServiceName } from '../calls/call.ts';
import type { Perform } from '../calls/call-port.ts';
import type { Gate } from '../calls/gate.ts';
import type { Clock } from '../clock.ts';
import type { AccessNeed } from '../iam/access.ts';
import type { AccessKeys } from '../lambda/access-keys.ts';
import type { HttpRequest } from './serve.ts';
import { type Protocol, signatureRefusal } from './signature-refusal.ts';
import { verifySignature } from './sigv4.ts';

/** What a request asks for, once its caller is known. */
type Asked<Input> = { caller: string; action: string; input: Input };

/** What stands at a service's door: it proves callers and lets their calls pass. */
export type Guard<Input> = {
  /** ARN of who signed the request. Throws the refusal in the words of the service's protocol. */
  identify(request: HttpRequest): string;
  /** Throws what the port or the policies have against the call. */
  admit<Answer>(request: HttpRequest, asked: Asked<Input>, perform: Perform<Answer>): Promise<Answer>;
};

/** Asks nobody anything. */
export const openGuard: Guard<unknown> = {
  identify: () => '',
  admit: (_request, _asked, perform) => perform(),
};

export type GuardSurroundings = {
  keys: Pick<AccessKeys, 'secretOf' | 'callerOf'>;
  gate: Pick<Gate, 'pass'>;
  clock: Clock;
  region: string;
};

export const createGuard = <Input>(
  { keys, gate, clock, region }: GuardSurroundings,
  options: {
    service: ServiceName;
    protocol: Protocol;
    /** What a call takes. */
    needsOf: (action: string, input: Input) => readonly AccessNeed[];
    /** What the port is told of a call. */
    tell?: (input: Input) => Pick<Call, 'input' | 'target'>;
  },
): Guard<Input> => {
  const { service, protocol, needsOf, tell } = options;
  const scope = { region, service };
  return {
    identify(request) {
      const nowMs = clock.now();
      const proof = verifySignature(request, { secretOf: keys.secretOf, nowMs, body: request.body, scope });
      const refusal = proof.isValid ? ({ isValid: false, failure: 'unknown-key' } as const) : proof;
      const caller = proof.isValid ? keys.callerOf(proof.accessKeyId) : undefined;
      if (caller === undefined) throw signatureRefusal(refusal, { protocol, nowMs, scope });
      return caller;
    },
    admit: ({ hungUp }, { caller, action, input }, perform) =>
      gate.pass({ caller, service, action, ...tell?.(input) }, () => needsOf(action, input), perform, hungUp),
  };
};
