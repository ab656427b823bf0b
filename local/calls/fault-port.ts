import { type Call, isRead, type JsonObject, type ServiceName, siteOf } from './call.ts';
import { type Alteration, type CallPort, ConnectionCut, type Line, type Perform } from './call-port.ts';
import { type Fault, type FaultKind, kindsFor } from './fault.ts';
import { conflictOf, failureOf, throttleOf } from './fault-errors.ts';
import { halfOf } from './partial-batch.ts';

/** A site that was passed, how often, and the faults that its calls so far can meet. */
export type TracedSite = {
  site: string;
  service: ServiceName;
  action: string;
  count: number;
  kinds: FaultKind[];
};

/** A fault that struck, and at which call of its site since it was armed. */
type Struck = { site: string; kind: FaultKind; at: number };

/** Whether the process is to die here: a point of a durable log, or `call.before` and `call.after` with the call. */
type IsKillPoint = (point: string, detail: unknown) => boolean;

export type FaultPort = CallPort & {
  /** Adds a fault to those that are armed. */
  arm(fault: Fault): void;
  /** Takes back every fault and the kill point. */
  disarm(): void;
  /** Every site passed since the port was made. */
  trace(): TracedSite[];
  /** What struck since the port was made. */
  struck(): Struck[];
  killAt(isKillPoint: IsKillPoint): void;
};

type Armed = Fault & { seen: number };

const neverMet = 'attribute_exists(#faultPort)';

/** The condition fails in the database itself, which then also tells the item if it was asked to. */
const refusedCondition = (input: JsonObject): Alteration => ({
  input: {
    ...input,
    ConditionExpression: `(${String(input.ConditionExpression)}) AND ${neverMet}`,
    ExpressionAttributeNames: {
      ...(typeof input.ExpressionAttributeNames === 'object' ? input.ExpressionAttributeNames : {}),
      '#faultPort': 'local-cloud-fault-port',
    },
  },
  toAnswer: (given) => given,
});

const strike = async <Answer>(
  kind: FaultKind,
  call: Call,
  perform: Perform<Answer>,
  line: Line,
): Promise<Answer> => {
  switch (kind) {
    case 'throttle':
      throw throttleOf(call);
    case 'error-before':
      throw failureOf(call);
    case 'error-after':
      await perform();
      throw failureOf(call);
    case 'timeout-before':
      await line.untilHungUp();
      throw new ConnectionCut();
    case 'timeout-after':
      await perform();
      await line.untilHungUp();
      throw new ConnectionCut();
    case 'cut':
      if (!isRead(call.action)) await perform();
      throw new ConnectionCut();
    case 'conflict':
      if (call.input?.ConditionExpression === undefined) throw conflictOf(call);
      return perform(refusedCondition(call.input));
    case 'partial':
      return perform(halfOf(call));
  }
};

const dieAtOnce = () => process.kill(process.pid, 'SIGKILL');

/**
 * Makes calls fail as their services do, site by site, and keeps a trace of the calls. Where a fault does not apply
 * to a call (kindsFor), the call goes on untouched and is not counted.
 */
export const createFaultPort = ({ die = dieAtOnce }: { die?: () => void } = {}): FaultPort => {
  const sites = new Map<string, Omit<TracedSite, 'kinds'> & { kinds: Set<FaultKind> }>();
  const strikes: Struck[] = [];
  let armed: Armed[] = [];
  let isKillPoint: IsKillPoint = () => false;

  const reach = (point: string, detail: unknown) => {
    if (isKillPoint(point, detail)) die();
  };
  const note = (site: string, call: Call, kinds: FaultKind[]) => {
    const { service, action } = call;
    const known = sites.get(site) ?? { site, service, action, count: 0, kinds: new Set() };
    known.count += 1;
    for (const kind of kinds) known.kinds.add(kind);
    sites.set(site, known);
  };
  /** The first armed fault that is due; each of the site's that the call can meet counts it. */
  const due = (site: string, kinds: readonly FaultKind[]): Armed | undefined => {
    const here = armed.filter((fault) => fault.site === site && kinds.includes(fault.kind));
    for (const fault of here) fault.seen += 1;
    return here.find(({ nth, seen }) => nth === 'every' || nth === seen);
  };

  return {
    async pass(call, perform, line) {
      const site = siteOf(call);
      const kinds = kindsFor(call);
      note(site, call, kinds);
      reach('call.before', call);
      const fault = due(site, kinds);
      if (fault) strikes.push({ site, kind: fault.kind, at: fault.seen });
      const answer = await (fault ? strike(fault.kind, call, perform, line) : perform());
      reach('call.after', call);
      return answer;
    },
    reach,
    arm(fault) {
      armed.push({ ...fault, seen: 0 });
    },
    disarm() {
      armed = [];
      isKillPoint = () => false;
    },
    trace: () => [...sites.values()].map((one) => ({ ...one, kinds: [...one.kinds] })),
    struck: () => [...strikes],
    killAt(predicate) {
      isKillPoint = predicate;
    },
  };
};
