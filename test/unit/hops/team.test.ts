import { execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import {
  activePort,
  shareOf,
  teamMembership,
  type TeamSettings,
} from '../../../src/hops/teaming.js';
import { rulesOf } from '../../../src/hops/kinds/index.js';

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

  it('has settled when the ports that frames are to cross are enabled, whatever else is', () => {
    const hop = { id: 'a team0', device: 'team0', settings: team({ members: ['a e1', 'a e2.5'] }) };
    const told = rulesOf('team').settling?.(hop as never, new Set(['a e2.5', 'b e1']));
    const settled = ' user_linkup_enabled (port:e2.5) false \n enabled (port:e2.5) true \n';
    const grep = (text: string) =>
      execaSync('grep', ['-c', told?.unsettled ?? ''], { input: text, reject: false }).stdout;
    expect(told?.argv).toEqual(['teamnl', 'team0', 'options']);
    expect(grep(`${settled} enabled (port:e1) false \n`)).toBe('0');
    expect(grep(' enabled (port:e2.5) false \n')).toBe('1');
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
