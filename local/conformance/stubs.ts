import type { VirtualClock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import { lambdaIntegration, parseResource } from '../states/definition/resource.ts';
import { type Integration, TaskError } from '../states/integration.ts';
import { lambdaBehaviours } from './lambda-behaviours.ts';
import { type CaseEvent, detailsOf, type RecordedCase } from './recorded-case.ts';

type Recorded =
  | { kind: 'result'; output: JsonValue }
  | { kind: 'failure'; error: string; cause: string }
  | { kind: 'silence' };

const asText = (value: JsonValue | undefined): string => {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const stateNameOf = (event: CaseEvent, byId: ReadonlyMap<number | null, CaseEvent>): string => {
  for (let at: CaseEvent | undefined = event; at !== undefined; at = byId.get(at.previousEventId)) {
    if (at.type.endsWith('StateEntered')) return asText(detailsOf(at).name);
  }
  return '';
};

const answerAfter = (event: CaseEvent | undefined): Recorded => {
  const { output, error, cause } = event === undefined ? {} : detailsOf(event);
  switch (event?.type) {
    case 'TaskSubmitted':
    case 'TaskSucceeded':
      return { kind: 'result', output: output ?? null };
    case 'LambdaFunctionSucceeded':
      return { kind: 'result', output: { Payload: output ?? null } };
    case 'TaskFailed':
    case 'TaskSubmitFailed':
    case 'LambdaFunctionFailed':
      return { kind: 'failure', error: asText(error), cause: asText(cause) };
    default:
      return { kind: 'silence' };
  }
};

/** What the recorded services answered, in order, per state. */
const recordedAnswers = ({ events }: RecordedCase): Map<string, Recorded[]> => {
  const byId = new Map(events.map((event) => [event.id, event]));
  const answers = new Map<string, Recorded[]>();
  for (const event of events) {
    if (event.type !== 'TaskStarted' && event.type !== 'LambdaFunctionStarted') continue;
    const name = stateNameOf(event, byId);
    const next = events.find(({ previousEventId }) => previousEventId === event.id);
    answers.set(name, [...(answers.get(name) ?? []), answerAfter(next)]);
  }
  return answers;
};

function* resourcesIn(definition: JsonValue): Generator<string> {
  if (definition === null || typeof definition !== 'object') return;
  for (const [key, value] of Object.entries(definition)) {
    if (key === 'Resource' && typeof value === 'string') yield value;
    else yield* resourcesIn(value);
  }
}

const never = (): Promise<never> => new Promise(() => undefined);

const sfnAction = /^arn:aws:states:::aws-sdk:sfn:(\w+)$/;

type Deps = {
  clock: VirtualClock;
  /** Tells the recorded execution from those it starts, whose services were not recorded. */
  isRecorded(executionArn: string): boolean;
  callSfn(action: string, args: JsonValue): Promise<JsonValue>;
};

/** The services of a case: the named functions as they behave, all others as they answered when recorded. */
export const stubsFor = (
  recorded: RecordedCase,
  { clock, isRecorded, callSfn }: Deps,
): Record<string, Integration> => {
  const answers = recordedAnswers(recorded);
  const behaviours = lambdaBehaviours(clock);

  const replay: Integration = async (_args, { stateName, executionArn }) => {
    const recordedAnswer = isRecorded(executionArn) ? answers.get(stateName)?.shift() : undefined;
    const answer = recordedAnswer ?? { kind: 'silence' };
    if (answer.kind === 'failure') throw new TaskError(answer.error, answer.cause);
    return answer.kind === 'result' ? answer.output : never();
  };

  const invoke: Integration = async (args, context) => {
    const request = args !== null && typeof args === 'object' && !Array.isArray(args) ? args : {};
    const functionName = asText(request.FunctionName).split(':function:').at(-1) ?? '';
    const behaviour = behaviours[recorded.lambdas[functionName] ?? ''];
    if (behaviour === undefined) return replay(args, context);
    const payload = await behaviour(request.Payload ?? {});
    return { ExecutedVersion: '$LATEST', Payload: payload, StatusCode: 200 };
  };

  const sfn =
    (action: string): Integration =>
    (args, context) =>
      isRecorded(context.executionArn) ? replay(args, context) : callSfn(action, args);

  const stubs: Record<string, Integration> = { [lambdaIntegration]: invoke };
  const definitions = [recorded.definition, ...Object.values(recorded.stateMachines)];
  for (const text of definitions.flatMap((definition) => [...resourcesIn(definition)])) {
    const resource = parseResource(text);
    if (resource?.kind !== 'service' || resource.integration === lambdaIntegration) continue;
    const isAwaited = resource.pattern === 'sync' || resource.pattern === 'sync:2';
    const [, action] = sfnAction.exec(resource.integration) ?? [];
    if (!isAwaited) stubs[resource.integration] = action === undefined ? replay : sfn(action);
  }
  return stubs;
};
