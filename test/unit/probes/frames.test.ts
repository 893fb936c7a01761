import { describe, expect, it } from 'vitest';
import { isGroup, reservedNumber } from '../../../src/frames/mac.js';
import { FRAME_CLASSES } from '../../../src/frames/classes.js';
import { ascii } from '../../../src/frames/templates/bytes.js';
import { buildFrame, type FrameChanges } from '../../../src/frames/templates/build.js';
import { TOKEN_LENGTH } from '../../../src/frames/templates/define.js';
import { frameTemplates } from '../../../src/frames/templates/index.js';
import { packetText, trafgen } from '../../../src/probes/trafgen.js';
import { classifyFrame, decodeFrame } from '../../../src/frames/decode.js';

const SRC = '02:00:00:00:00:0a';
const OWN = '02:00:00:00:00:0b';
const FOREIGN = '02:00:00:00:00:0c';
const TOKEN = 'abcdefghijk2';

const build = (name: (typeof FRAME_CLASSES)[number], changes: FrameChanges = {}) =>
  buildFrame(
    frameTemplates[name],
    { src: SRC, own: OWN, foreign: FOREIGN, token: ascii(TOKEN), mtu: 1500 },
    changes,
  );

/** The classes that are told by an address, a tag or a size alone: no protocol is in them. */
const PLAIN = ['vlan-tagged', 'mtu', 'over-mtu', 'unicast-own', 'unicast-foreign'] as const;
const PROTOCOLS = FRAME_CLASSES.filter((name) => !PLAIN.some((plain) => plain === name));

describe('a generated frame', () => {
  it.each(PROTOCOLS)('of class %s is one to the decoders, with nothing malformed', (name) => {
    const frame = decodeFrame(build(name).bytes);
    expect([classifyFrame(frame), frame.malformed]).toEqual([name, undefined]);
  });

  it.each(FRAME_CLASSES)('of class %s has its addresses, its token and a legal length', (name) => {
    const { bytes, dst } = build(name);
    const frame = decodeFrame(bytes);
    expect([frame.src, frame.dst]).toEqual([SRC, dst]);
    expect(Buffer.from(bytes).includes(TOKEN)).toBe(true);
    expect(bytes.length).toBeGreaterThanOrEqual(60);
    // Only what is beyond the MTU has a reason to be longer than it.
    expect(bytes.length > 1514 && frame.vlans.length === 0).toBe(name === 'over-mtu');
  });

  it.each(FRAME_CLASSES)('of class %s joins a group where its receivers do', (name) => {
    const { dst } = build(name);
    const { joins } = frameTemplates[name];
    expect(joins).toBe(isGroup(dst) && !['arp-request', 'pause'].includes(name));
  });

  it('goes to the reserved address of its protocol', () => {
    const numbers = (['stp', 'pause', 'lacp', 'dot1x', 'lldp', 'cdp'] as const).map((name) =>
      reservedNumber(build(name).dst),
    );
    expect(numbers).toEqual([0, 1, 2, 3, 14, undefined]);
  });

  it('is as long as the MTU, or one octet longer, or as asked', () => {
    const sizes = [build('mtu'), build('over-mtu'), build('lldp', { payload: 200 })];
    expect(sizes.map(({ payload, bytes }) => [payload, bytes.length])).toEqual([
      [1500, 1514],
      [1501, 1515],
      [200, 214],
    ]);
  });

  it('has a tag where its class or the user says so, on top of its payload', () => {
    const [own, asked] = [build('vlan-tagged'), build('lacp', { vlan: 7 })];
    expect(decodeFrame(own.bytes).vlans).toEqual([{ tpid: 0x8100, id: 100, priority: 0 }]);
    expect(decodeFrame(asked.bytes)).toMatchObject({ vlans: [{ id: 7 }], lacp: { version: 1 } });
    expect([own.payload, own.bytes.length]).toEqual([46, 64]);
  });

  it('has a token of the length that templates count on', () => {
    expect(TOKEN).toHaveLength(TOKEN_LENGTH);
  });
});

describe('the words for trafgen', () => {
  it('are the octets, with a count for the zeros at the end', () => {
    expect(packetText(Uint8Array.of(1, 0, 0xff))).toBe('{0x01,0x00,0xff}');
    expect(packetText(Uint8Array.from([7, ...Array<number>(46).fill(0)]))).toBe(
      '{0x07,fill(0x00,46)}',
    );
  });

  it('ask for long frames only where there are some', () => {
    expect(trafgen('eth1', new Uint8Array(60))).not.toContain('--jumbo-support');
    expect(trafgen('eth1', new Uint8Array(9014))).toContain('--jumbo-support');
  });
});
