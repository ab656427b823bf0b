/** Counts what is in motion anywhere in the cloud, so that virtual time moves only when nothing is. */
export type Activity = {
  /** Something has begun; the answer ends it, once. */
  begin(): () => void;
  /** Resolves when nothing is in motion. */
  idle(): Promise<void>;
  /** How many things have begun so far. */
  begun(): number;
};

export const createActivity = (): Activity => {
  let underWay = 0;
  let begun = 0;
  let waiting: (() => void)[] = [];
  return {
    begin() {
      underWay += 1;
      begun += 1;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        underWay -= 1;
        if (underWay > 0) return;
        const released = waiting;
        waiting = [];
        for (const release of released) release();
      };
    },
    async idle() {
      while (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    begun: () => begun,
  };
};
