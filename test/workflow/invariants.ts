import { type DeskView, readDesk } from './invariants/desk-view.ts';
import { historyIsWhole } from './invariants/history-is-whole.ts';
import { mailsOnce } from './invariants/mails-once.ts';
import { noneIsStuck } from './invariants/none-is-stuck.ts';
import { onceOnly } from './invariants/once-only.ts';
import { partnersApart } from './invariants/partners-apart.ts';
import { stockAddsUp } from './invariants/stock-adds-up.ts';

const invariants = {
  I1: onceOnly,
  I2: stockAddsUp,
  I3: noneIsStuck,
  I4: mailsOnce,
  I5: historyIsWhole,
  I6: partnersApart,
};

/** What is broken on a desk that has come to rest, in words that name order and rows; empty when all of I1 to I6 holds. */
export const brokenInvariants = (view: DeskView): string[] => {
  const desk = readDesk(view);
  return Object.entries(invariants).flatMap(([name, brokenOn]) =>
    brokenOn(desk).map((fault) => `${name}: ${fault}`),
  );
};
