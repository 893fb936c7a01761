import { describe, expect, it } from 'vitest';
import { echoFrame } from '../../../src/frames/values.js';
import { frameOf } from '../../../src/frames/make.js';
import { closed } from '../../../src/hops/closed.js';
import type { Hop } from '../../../src/hops/types.js';
import { findLoss } from '../../../src/verify/judge/loss.js';

/** Which leg of a conversation was lost, from what was seen of each. */

const ends = { from: { mac: '02:00:00:00:00:01' }, to: { mac: '02:00:00:00:00:02' } };
const arp = { frame: frameOf('arp-request', ends) };
const reply = { frame: frameOf('arp-reply', ends) };
const echo = {
  frame: echoFrame(
    { family: 4, kind: 'echo-request', id: 1, src: '10.0.0.1', dst: '10.0.0.2' },
    { src: ends.from.mac, dst: ends.to.mac },
  ),
};

const GONE = [true, true];
const LOST = [true, false];
const UNSEEN = [false, false];

describe('the lost leg', () => {
  it('is not one that nobody needed: a neighbour that is known is not asked for', () => {
    expect(findLoss([UNSEEN, UNSEEN, LOST], [arp, reply, echo])).toMatchObject({ leg: 2 });
    expect(findLoss([UNSEEN, UNSEEN, GONE], [arp, reply, echo])).toBe('arrived');
  });

  it('is the reply where the request was not seen and the reply was', () => {
    expect(findLoss([UNSEEN, LOST, UNSEEN], [arp, reply, echo])).toMatchObject({ leg: 1 });
  });

  it('is not behind us because a router asks for a MAC of its own accord further on', () => {
    const legs = [arp, reply, echo, arp, reply, echo];
    const seen = [GONE, GONE, LOST, GONE, GONE, UNSEEN];
    expect(findLoss(seen, legs)).toEqual({ leg: 2, lastSeen: 0, firstMissed: 1 });
    const unanswered = [arp, reply, echo, ...legs];
    expect(findLoss([GONE, GONE, GONE, LOST, UNSEEN, ...seen.slice(2)], unanswered)).toMatchObject({
      leg: 3,
    });
  });

  it('of ARP alone is the question that was not seen, unless the answer came', () => {
    expect(findLoss([LOST, UNSEEN], [arp, reply])).toMatchObject({ leg: 0 });
    expect(findLoss([GONE, LOST], [arp, reply])).toMatchObject({ leg: 1 });
    expect(findLoss([LOST, GONE], [arp, reply])).toBe('arrived');
  });

  it('is none that goes into a guest without an agent, unless it was lost before that', () => {
    const hop: Hop = {
      ...{ id: 'x:eth1', kind: 'nic', stack: 'x', where: { machine: 'local', inside: 'x' } },
      ...{ device: 'eth1', label: 'x:eth1', settings: {} },
    };
    const [inside, open] = [closed(hop), hop];
    const seen = [[true, false, undefined]];
    expect(findLoss([[true, true, undefined]], [{ ...arp, to: inside }])).toBe('unknown');
    expect(findLoss(seen, [{ ...arp, to: inside }])).toEqual({
      ...{ leg: 0, lastSeen: 0, firstMissed: 1 },
    });
    // What has an end that can be looked at may have gone by another way while its capture did not work.
    expect(findLoss(seen, [{ ...arp, to: open }])).toBe('unknown');
    // An answer proves that it has arrived.
    const legs = [
      { ...arp, to: inside },
      { ...reply, to: open },
    ];
    expect(findLoss([[true, true, undefined], GONE], legs)).toBe('arrived');
  });
});
