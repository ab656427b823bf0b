export const lambda = 'arn:aws:states:::lambda:invoke';
export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:order';

const call = { Type: 'Task', Resource: lambda, Arguments: { FunctionName: 'step' } };

/** A small order: two calls with a fork and a map run between them. */
export const definitionOf = (): string =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Reserve',
    States: {
      Reserve: { ...call, Next: 'Lines' },
      Lines: {
        Type: 'Map',
        Items: [1, 2],
        ItemProcessor: { StartAt: 'Pick', States: { Pick: { ...call, End: true } } },
        Next: 'Parcels',
      },
      Parcels: {
        Type: 'Map',
        Items: ['small', 'large'],
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Pack',
          States: { Pack: { ...call, Output: '{% $states.input %}', End: true } },
        },
        Output: '{% $join($states.result, " and ") %}',
        Next: 'Ship',
      },
      Ship: { ...call, Output: '{% $states.input & " shipped" %}', End: true },
    },
  });
