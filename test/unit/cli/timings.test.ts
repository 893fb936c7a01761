import { describe, expect, it } from 'vitest';
import { formatTimings, startClock } from '../../../src/cli/timings.js';

describe('the clock', () => {
  it('gives a lap what no part has, so that the parts are the whole', () => {
    const since = performance.now();
    const clock = startClock(since);
    clock.lap('first');
    clock.add('measured elsewhere', 0);
    clock.lap('last');
    const end = performance.now();
    expect(clock.timings.map(({ what }) => what)).toEqual(['first', 'measured elsewhere', 'last']);
    const all = clock.timings.reduce((sum, { ms }) => sum + ms, 0);
    expect(all).toBeLessThanOrEqual(end - since);
    expect(all).toBeGreaterThan(0);
  });

  it('never gives a lap less than nothing', () => {
    const clock = startClock(performance.now());
    clock.add('measured elsewhere', 1e6);
    clock.lap('last');
    expect(clock.timings.at(-1)).toEqual({ what: 'last', ms: 0 });
  });
});

describe('the table', () => {
  it('has a line for each part with its share, and the sum', () => {
    const timings = [
      { what: 'start', ms: 250 },
      { what: 'build inside', ms: 750 },
    ];
    expect(formatTimings(timings)).toBe(
      [
        '  start            0.25 s   25 %',
        '  build inside     0.75 s   75 %',
        '  all              1.00 s  100 %',
      ].join('\n'),
    );
  });
});
