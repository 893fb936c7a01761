import { describe, expect, it } from 'vitest';
import { carried, filterFor } from '../../../src/frames/carried.js';
import { decodeFrame, describeFrame } from '../../../src/frames/decode.js';
import type { Frame } from '../../../src/frames/frame.js';
import { arpRequest } from '../../../src/frames/values.js';

/** Frames behind tags of HSR, and what nodes of HSR and PRP tell of themselves: IEC 62439-3:2016, 4.3 and 5.7. */

const NODE = '02bd8c73de72';
const TOLD = '01154e000100';
const ALL = 'f'.repeat(12);
const ARP = `0806000108000604000102bd8c73de720a000002${'0'.repeat(12)}0a000003`;

const frame = (hex: string) => decodeFrame(Uint8Array.from(Buffer.from(hex, 'hex')));
const arp = arpRequest({ mac: '02:bd:8c:73:de:72', ip: '10.0.0.2' }, '10.0.0.3');
const tagged = (version: 0 | 1): Frame => ({
  ...{ src: arp.src, dst: arp.dst, vlans: [], etherType: 0x892f },
  redundant: { version, frame: arp },
});

describe('a frame behind a tag of HSR', () => {
  it('is the frame in it, with the way and the number of the tag', () => {
    const seen = frame(`${ALL}${NODE}892f10340107${ARP}`);
    expect(describeFrame(seen)).toBe(
      'HSR v1, seq 263, path 1, ARP who-has 10.0.0.3 tell 10.0.0.2, 02:bd:8c:73:de:72 > ff:ff:ff:ff:ff:ff',
    );
    expect(seen.hsrTag).toMatchObject({ version: 1, path: 1, size: 52, seq: 263 });
    expect(carried(seen, tagged(1))?.arp).toMatchObject({ op: 'request', targetIp: '10.0.0.3' });
    expect(carried(seen, tagged(0))).toBeUndefined();
    expect(carried(frame(`${ALL}${NODE}${ARP}`), tagged(1))).toBeUndefined();
    expect([filterFor(tagged(1)), filterFor(tagged(0))]).toEqual([
      'ether proto 35119',
      'ether proto 35067',
    ]);
  });

  it('has the EtherType of PRP with version 0', () => {
    const seen = frame(`${ALL}${NODE}88fb00340107${ARP}`);
    expect(carried(seen, tagged(0))?.arp).toMatchObject({ op: 'request' });
    expect(describeFrame(seen)).toContain('HSR v0, seq 263, path 0, ARP who-has');
  });

  it.each([
    ['a tag of version 1', `892f003400078 8fb00010009170 6${NODE}0000`, 'HSR v1, seq 7, path 0, '],
    ['none, as PRP and version 0 have it', `88fb00010009140 6${NODE}0000`, ''],
    ['none, when it begins', `88fbf0000009160c${NODE}0000`, ''],
  ])('or what a node tells of itself, behind %s', (_, hex, tag) => {
    const seen = frame(`${TOLD}${NODE}${hex.replaceAll(' ', '')}`);
    expect(seen.supervision).toMatchObject({ seq: 9, mac: '02:bd:8c:73:de:72' });
    expect(describeFrame(seen)).toMatch(
      new RegExp(`^${tag}HSR/PRP (life check|announcement) of 02:bd:8c:73:de:72`),
    );
  });

  it('says where it ends too early', () => {
    expect(frame(`${ALL}${NODE}892f0034`).malformed).toBe('hsr: 2 of 6 bytes');
    expect(frame(`${TOLD}${NODE}88fb000100091406`).malformed).toBe('hsr: 6 of 12 bytes');
  });
});
