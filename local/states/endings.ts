/** Tells, by the ARNs of executions, that they have ended. */
export type Endings = {
  /** Calls back once, when the execution has ended. */
  watch(arn: string, tell: () => void): void;
  ended(arn: string): void;
};

export const createEndings = (): Endings => {
  const watchers = new Map<string, (() => void)[]>();
  return {
    watch: (arn, tell) => watchers.set(arn, [...(watchers.get(arn) ?? []), tell]),
    ended(arn) {
      const told = watchers.get(arn) ?? [];
      watchers.delete(arn);
      for (const tell of told) tell();
    },
  };
};
