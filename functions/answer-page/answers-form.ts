import { type Answer, answerKinds } from '../../domain/findings/questions.ts';

type Given = Partial<Answer>;

const kindOf = (value: string | null): Answer['answer'] | undefined =>
  answerKinds.find((kind) => kind === value);

/** The fields of the form by the number of their question, as far as they were filled in: values only count with their choice. */
export const answersInForm = (fields: URLSearchParams, numbers: readonly number[]): Map<number, Given> =>
  new Map(
    numbers.map((number): [number, Given] => {
      const answer = kindOf(fields.get(`answer-${number}`));
      const value = fields.get(`value-${number}`)?.normalize().trim();
      const note = fields.get(`note-${number}`)?.normalize().trim();
      return [
        number,
        {
          ...(answer && { answer }),
          ...(value && { value }),
          ...(note && { note }),
        },
      ];
    }),
  );

/** Only what belongs to the choice that was made: a corrected value, a note to our staff. */
export const answerOf = ({ answer, value, note }: Given): Answer | undefined => {
  if (answer === undefined) return undefined;
  return {
    answer,
    ...(answer === 'CORRECT' && value && { value }),
    ...(answer === 'CONFIRM' && note && { note }),
  };
};
