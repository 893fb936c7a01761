import { describe, expect, it } from 'vitest';
import { decodeFrame, type SeenFrame } from '../../../src/frames/decode.js';
import { bytesOf, captured, decoded, joined } from './captures.js';

const only = (name: string): SeenFrame => decoded(name)[0]!;

describe('spanning tree', () => {
  it('of a Linux bridge is read', () => {
    const bridge = { priority: 0x8000, mac: '02:00:00:00:00:0c' };
    expect(only('stp')).toMatchObject({
      dst: '01:80:c2:00:00:00',
      etherType: undefined,
      llc: { dsap: 0x42, ssap: 0x42, control: 3, protocol: 'stp' },
      stp: { version: 0, type: 'config', root: bridge, rootPathCost: 0, bridge, port: 0x8001 },
    });
  });

  it.each([
    ['a topology change', '0007 424203 0000 00 80', { version: 0, type: 'tcn' }],
    [
      'RSTP',
      `0027 424203 0000 02 02 3c 8000020000000001 00004e20 7000020000000002 8003 0100140002000f00 00`,
      {
        version: 2,
        type: 'rst',
        root: { priority: 0x8000, mac: '02:00:00:00:00:01' },
        rootPathCost: 20000,
        bridge: { priority: 0x7000, mac: '02:00:00:00:00:02' },
        port: 0x8003,
      },
    ],
  ])('may be %s', (_, body, expected) => {
    const { stp, malformed } = decodeFrame(bytesOf(`0180c2000000 02000000000a ${body}`));
    expect([stp, malformed]).toEqual([expected, undefined]);
  });

  it('that is cut short still tells its type', () => {
    const { stp, malformed } = decodeFrame(captured('stp')[0]!.bytes.subarray(0, 40));
    expect([stp, malformed]).toEqual([{ version: 0, type: 'config' }, 'stp: 23 of 35 bytes']);
  });
});

describe('LACP', () => {
  it('of an Open vSwitch bond is read', () => {
    expect(only('lacp')).toMatchObject({
      dst: '01:80:c2:00:00:02',
      etherType: 0x8809,
      lacp: {
        version: 1,
        actor: {
          systemPriority: 65534,
          system: '02:00:00:00:00:0f',
          key: 1,
          portPriority: 65535,
          state: expect.arrayContaining(['activity', 'timeout', 'aggregation']) as string[],
        },
        partner: { system: '00:00:00:00:00:00', key: 0 },
      },
    });
    expect(only('lacp').lacp!.actor.state).not.toContain('defaulted');
  });

  it('is not what other slow protocols are', () => {
    const bytes = captured('lacp')[0]!.bytes.slice();
    bytes[14] = 3;
    const frame = decodeFrame(bytes);
    expect([frame.lacp, frame.malformed]).toEqual([undefined, undefined]);
  });
});

describe('flow control and authentication', () => {
  const [, , pause, eapol] = decoded('crafted');

  it('are read', () => {
    expect(pause).toMatchObject({
      dst: '01:80:c2:00:00:01',
      pause: { kind: 'pause', quanta: [0x1234] },
    });
    expect(eapol).toMatchObject({
      dst: '01:80:c2:00:00:03',
      eapol: { version: 2, type: 'start', length: 0 },
    });
  });

  it.each([
    [
      'PFC',
      '8808 0101 00ff 00010002000300040005000600070008',
      { kind: 'pfc', quanta: [1, 2, 3, 4, 5, 6, 7, 8] },
    ],
    ['nothing for another opcode', '8808 0002 0000', undefined],
  ])('%s', (_, body, expected) => {
    expect(decodeFrame(bytesOf(`0180c2000001 02000000000a ${body}`)).pause).toEqual(expected);
  });
});

describe('discovery of the vendors', () => {
  it('is told apart by its number in SNAP', () => {
    expect(decoded('discovery').map(({ llc }) => [llc?.snap, llc?.protocol])).toEqual([
      ['00000c:2000', 'cdp'],
      ['00e02b:00bb', 'edp'],
      ['00e052:2000', 'fdp'],
      ['000081:01a2', 'sonmp'],
    ]);
  });

  it('of CDP is read', () => {
    const { dst, cdp } = only('discovery');
    expect(dst).toBe('01:00:0c:cc:cc:cc');
    expect(cdp).toEqual({ version: 2, ttl: 180, deviceId: 'sw1', portId: 'a0' });
  });

  it('ends where the length of the frame says: the rest pads it', () => {
    const { bytes } = captured('discovery')[0]!;
    const padded = joined(bytes, new Uint8Array(5));
    expect({ ...decodeFrame(padded, bytes.length), bytes }).toEqual(decodeFrame(bytes));
  });

  it.each([
    ['length', '0001 0003'],
    ['end', '0001 0009 737731'],
  ])('of CDP is refused where a TLV has no %s', (_, tlv) => {
    const packet = bytesOf(`aaaa03 00000c 2000 02b4 0000 ${tlv}`);
    const header = joined(bytesOf('01000ccccccc 02000000000a 00'), Uint8Array.of(packet.length));
    const { cdp, malformed } = decodeFrame(joined(header, packet));
    expect([cdp, malformed]).toEqual([{ version: 2, ttl: 180 }, 'cdp: a TLV is cut short']);
  });

  it('of CDP keeps what came before a TLV without an end', () => {
    // The device id comes first and ends at byte 22 + 4 + 7.
    const bytes = captured('discovery')[0]!.bytes.subarray(0, 35);
    expect(decodeFrame(bytes)).toMatchObject({
      cdp: { deviceId: 'sw1' },
      malformed: 'cdp: a TLV is cut short',
    });
  });

  it('may be of a protocol that has no name here, or not be SNAP at all', () => {
    const header = '01000ccccccc 02000000000a';
    const unknown = decodeFrame(bytesOf(`${header} 0009 aaaa03 123456 789a ff`));
    expect(unknown.llc).toEqual({ dsap: 0xaa, ssap: 0xaa, control: 3, snap: '123456:789a' });
    expect(decodeFrame(bytesOf(`${header} 0003 e0e003 ff`)).llc).toEqual({
      dsap: 0xe0,
      ssap: 0xe0,
      control: 3,
    });
    const reply = decodeFrame(bytesOf(`${header} 0009 aaab03 00000c 2000 ff`));
    expect(reply.llc).toEqual({ dsap: 0xaa, ssap: 0xab, control: 3 });
    expect(decodeFrame(bytesOf(`${header} 0004 aaaa0300`)).malformed).toBe('snap: 4 of 8 bytes');
  });
});
