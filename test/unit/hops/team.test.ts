import { describe, expect, it } from 'vitest';
import {
  activePort,
  shareOf,
  teamMembership,
  type TeamSettings,
} from '../../../src/hops/teaming.js';

const port = { prio: 0, sticky: false, key: 0, watches: ['carrier'] as const };
const team = (settings: Partial<TeamSettings>): TeamSettings => ({
  ...{ runner: 'activebackup', members: ['a', 'b', 'c'], least: 1, selects: 'count', ports: {} },
  ...settings,
});

describe('a team', () => {
  it('uses the best port, but for a sticky one that was there before', () => {
    expect(activePort(team({}), ['a', 'b', 'c'])).toBe('a');
    const better = { b: { ...port, prio: 10 }, c: { ...port, prio: 20 } };
    expect(activePort(team({ ports: better }), ['a', 'b', 'c'])).toBe('c');
    expect(activePort(team({ ports: better }), ['a', 'b'])).toBe('b');
    const sticky = { ...better, b: { ...better.b, sticky: true } };
    expect(activePort(team({ ports: sticky }), ['a', 'b', 'c'])).toBe('b');
    expect(activePort(team({ ports: sticky }), ['a', 'c'])).toBe('c');
    expect(activePort(team({}), [])).toBeUndefined();
  });

  it('leaves what a dead port would send to the next one that is alive', () => {
    const shares = ['a', 'b', 'c'].map((id) => shareOf(team({ runner: 'random' }), ['a', 'c'], id));
    expect(shares).toEqual([1 / 3, 0, 2 / 3]);
  });

  it('uses one aggregate of LACP, of ports with one key, and none without a partner', () => {
    const agree = (settings: Partial<TeamSettings>, ...found: string[][]) =>
      teamMembership(team({ runner: 'lacp', ...settings })).agrees?.(found, []);
    expect(agree({})).toEqual([]);
    expect(agree({}, ['a'], ['b', 'c'])).toEqual(['b', 'c']);
    const keys = { a: { ...port, prio: 5 }, b: { ...port, key: 1 }, c: { ...port, key: 1 } };
    expect(agree({ ports: keys }, ['a', 'b', 'c'])).toEqual(['b', 'c']);
    expect(agree({ ports: keys, selects: 'port_config' }, ['a', 'b', 'c'])).toEqual(['a']);
  });
});
