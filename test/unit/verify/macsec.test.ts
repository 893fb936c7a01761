import { describe, expect, it } from 'vitest';
import { carried, filterFor } from '../../../src/frames/carried.js';
import { decodeFrame, describeFrame } from '../../../src/frames/decode.js';
import { arpRequest } from '../../../src/frames/values.js';
import type { Frame } from '../../../src/frames/frame.js';

/** Frames inside MACsec frames: IEEE 802.1AE-2018, 9.3 to 9.9. */

const SCI = '02894cd1e0e50001';
const ENDS = 'ffffffffffff02894cd1e0e5';
const ARP = `0806000108000604000102894cd1e0e50a010001${'0'.repeat(12)}0a010003`;
const ICV = 'ab'.repeat(16);
const WORDS = 'ARP who-has 10.1.0.3 tell 10.1.0.1';

/** Sent by Linux 6.1 with the key below: TCI with SC, E and C, 30 octets, number 21. */
const ENCRYPTED = `${ENDS}88e52c1e00000015${SCI}35a3b625d47fb479f5c51345648aac7ea7126e5c5d14510704d4527135e9b590c75fc9f65c415ef1973eef23cbd0`;
const KEY = '1418a3d91f56a0c2904f979c547208ca';

const frame = (hex: string) => decodeFrame(Uint8Array.from(Buffer.from(hex, 'hex')));
const arp = arpRequest({ mac: '02:89:4c:d1:e0:e5', ip: '10.1.0.1' }, '10.1.0.3');

/** What is expected of a sender with a key. */
const expected = (more: Partial<NonNullable<Frame['sealed']>> = {}, key = KEY): Frame => ({
  ...arp,
  etherType: 0x88e5,
  sealed: {
    ...{ sci: SCI, an: 0, pn: 1, frame: arp },
    seal: { key, icvLength: 16, isEncrypted: true },
    ...more,
  },
});

describe('a MACsec frame', () => {
  it.each([
    ['with its SCI', `${ENDS}88e5201e00000007${SCI}${ARP}${ICV}`, `SCI ${SCI}, `],
    ['without an SCI', `${ENDS}88e5401e00000007${ARP}${ICV}`, ''],
  ])('is read where it is not encrypted, %s', (_, hex, sci) => {
    const seen = frame(hex);
    expect(describeFrame(seen)).toBe(
      `MACsec ${sci}AN 0, PN 7, ${WORDS}, 02:89:4c:d1:e0:e5 > ff:ff:ff:ff:ff:ff`.replace(
        'MACsec AN',
        'MACsec, AN',
      ),
    );
    expect(carried(seen, expected())?.arp).toMatchObject({ op: 'request', targetIp: '10.1.0.3' });
    expect(carried(seen, expected({ an: 1 }))).toBeUndefined();
    expect(carried(seen, expected({ sci: '02894cd1e0e50002' }))).toBeUndefined();
  });

  it('is opened by the key alone where it is encrypted', () => {
    const seen = frame(ENCRYPTED);
    expect(seen.sealed).toBeUndefined();
    expect(describeFrame(seen)).toContain(`MACsec SCI ${SCI}, AN 0, PN 21, encrypted`);
    expect(carried(seen, expected())?.arp).toMatchObject({ op: 'request', targetIp: '10.1.0.2' });
    expect(carried(seen, expected({}, KEY.replace('1', '2')))).toBeUndefined();
    expect(carried(frame(ENCRYPTED.replace('35a3', '35a4')), expected())).toBeUndefined();
  });

  it('says where it ends too early, and is looked for by its type', () => {
    expect(frame(`${ENDS}88e52c1e000000`).malformed).toBe('macsec: 5 of 14 bytes');
    expect(frame(`${ENDS}88e5a01e00000007${SCI}${ARP}`).malformed).toBe('macsec: another version');
    expect(frame(`${ENDS}88e5201e00000007${SCI}0806`).sealed).toBeUndefined();
    expect(filterFor(expected())).toBe(`ether proto 35045`);
  });
});
