import { describe, expect, it } from 'vitest';
import { FOREIGN_MAC, frameOf, sourceOf } from '../../../src/frames/make.js';
import { isGroup } from '../../../src/frames/mac.js';
import { FRAME_CLASSES, type FrameClass } from '../../../src/frames/classes.js';
import { classifyFrame, type SeenFrame } from '../../../src/frames/decode.js';
import { solicitedNode } from '../../../src/frames/values.js';

const from = { mac: '02:00:00:00:00:01', mtu: 9000 };
const to = { mac: '02:00:00:ab:cd:ef' };
const frame = (frameClass: FrameClass) => frameOf(frameClass, { from, to });

describe('the frame that stands for a class', () => {
  it.each(FRAME_CLASSES)('%s has addresses in canonical form, and a source', (frameClass) => {
    const mac = /^(?:[\da-f]{2}:){5}[\da-f]{2}$/;
    expect(frame(frameClass)).toMatchObject({
      src: from.mac,
      dst: expect.stringMatching(mac) as string,
    });
    expect(sourceOf(frameClass)).toMatch(/IEEE|RFC|\(7\)|\.c:/);
  });

  it('is read from the octets that are sent', () => {
    const protocols = FRAME_CLASSES.filter((name) => frame(name).etherType !== 0x88b5);
    for (const name of protocols) expect(classifyFrame(frame(name) as SeenFrame)).toBe(name);
  });

  it('goes to the receiver, to nobody whom the lab knows, or to a group', () => {
    expect(frame('unicast-own').dst).toBe(to.mac);
    expect(frame('arp-reply').dst).toBe(to.mac);
    expect(frame('arp-request').dst).toBe('ff:ff:ff:ff:ff:ff');
    expect(frame('unicast-foreign').dst).toBe(FOREIGN_MAC);
    expect(isGroup(FOREIGN_MAC)).toBe(false);
    expect(frame('nd-solicitation').dst).toBe(solicitedNode('2001:db8::2').mac);
  });

  it('is as long as the MTU of its sender where its class says so, and tagged where it does', () => {
    expect(frame('mtu').payload).toBe(9000);
    expect(frame('over-mtu').payload).toBe(9001);
    expect(frameOf('mtu', { from: to, to: from }).payload).toBe(1500);
    expect(FRAME_CLASSES.filter((name) => frame(name).vlans.length > 0)).toEqual(['vlan-tagged']);
  });

  it('goes to a group that the receiver has joined, but for PAUSE and broadcast', () => {
    const groups = FRAME_CLASSES.filter((name) => isGroup(frame(name).dst));
    const joined = FRAME_CLASSES.filter((name) => frame(name).joined === true);
    expect(groups.filter((name) => !joined.includes(name))).toEqual(['pause', 'arp-request']);
    expect(joined.filter((name) => !groups.includes(name))).toEqual([]);
  });
});
