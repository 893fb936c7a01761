import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimeOrder } from '../../../src/verify/capture/in-order.js';

interface Item {
  readonly time: number;
  readonly from: number;
  readonly n: number;
}

/** What some captures have seen, each oldest first, with few times so that many are equal. */
const captures = fc
  .array(fc.array(fc.nat({ max: 20 }), { maxLength: 12 }), { maxLength: 5 })
  .map((all) =>
    all.map((times, from) =>
      times.toSorted((a, b) => a - b).map((time, n): Item => ({ time, from, n })),
    ),
  );

describe('frames of several captures', () => {
  it('come out in the order of time, each once, however they are taken', () => {
    fc.assert(
      fc.property(captures, fc.array(fc.nat({ max: 20 })), (all, looks) => {
        const order = createTimeOrder<Item>();
        let told = -1;
        const taken: Item[] = [];
        for (const until of looks.toSorted((a, b) => a - b)) {
          // Up to here every capture has told all.
          for (const one of all) order.push(one.filter(({ time }) => time > told && time <= until));
          told = until;
          taken.push(...order.take(until));
        }
        for (const one of all) order.push(one.filter(({ time }) => time > told));
        taken.push(...order.take(Infinity));
        expect(taken.map(({ time }) => time)).toEqual(
          all
            .flat()
            .map(({ time }) => time)
            .sort((a, b) => a - b),
        );
        for (const [from, one] of all.entries())
          expect(taken.filter((item) => item.from === from)).toEqual(one);
        expect(order.late).toBe(0);
      }),
    );
  });

  it('wait until every capture has told what it saw up to then', () => {
    const order = createTimeOrder<{ time: number }>();
    order.push([{ time: 2 }, { time: 5 }]);
    expect(order.take(1)).toEqual([]);
    order.push([{ time: 1 }, { time: 3 }]);
    expect(order.take(3)).toEqual([{ time: 1 }, { time: 2 }, { time: 3 }]);
    expect(order.take(Infinity)).toEqual([{ time: 5 }]);
  });

  it('are counted where they came too late to be in order', () => {
    const order = createTimeOrder<{ time: number }>();
    order.push([{ time: 4 }]);
    order.take(4);
    order.push([{ time: 3 }, { time: 4 }]);
    expect(order.take(9)).toEqual([{ time: 3 }, { time: 4 }]);
    expect(order.late).toBe(1);
  });
});
