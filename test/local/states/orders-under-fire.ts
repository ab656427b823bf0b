export const lambda = 'arn:aws:states:::lambda:invoke';
export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:order';

const call = { Type: 'Task', Resource: lambda, Arguments: { FunctionName: 'step' } };

/** A small order: two calls with a fork between them. */
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
        Next: 'Ship',
      },
      Ship: { ...call, Output: 'shipped', End: true },
    },
  });
