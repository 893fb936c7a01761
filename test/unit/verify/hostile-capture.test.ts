import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/apply/hosts/define.js';
import { decodeFrame, describeFrame } from '../../../src/frames/decode.js';
import type { Hop } from '../../../src/hops/types.js';
import { captureFiles } from '../../../src/verify/capture/files.js';
import { writePcap } from '../../../src/verify/capture/pcap.js';
import { fuzzed } from '../../support/random.js';
import { captured } from './captures.js';

/** What a guest hands out as its captures is a stranger's text. */

const points = ['eth1', 'eth2'].map((device) => ({
  hop: { id: `sw1 ${device}`, label: `sw1:${device}`, stack: 'sw1', device } as Hop,
  netns: undefined,
}));

/** A guest whose agent hands out these octets as its captures, each in one piece, and nothing more. */
const guestWith = (...files: readonly (Uint8Array | string)[]): Host => ({
  name: 'guest:sw1',
  run: () => Promise.reject(new Error('no program is to be run')),
  open: (path) => {
    const content = files[Number(/(\d+)\.pcap$/.exec(path)?.[1])];
    const left = content === undefined ? [] : [Buffer.from(content)];
    return Promise.resolve(
      content === undefined
        ? undefined
        : {
            read: () => Promise.resolve(left.shift() ?? Buffer.alloc(0)),
            close: () => Promise.resolve(),
          },
    );
  },
});
const filesOf = (host: Host) => captureFiles(host, '/run/x', points);
const read = (...files: readonly (Uint8Array | string)[]) => filesOf(guestWith(...files)).read();

const whole = writePcap(captured('arp'));

describe('captures of a guest', () => {
  it('are read where they are captures', async () => {
    const { frames, broken } = await read(whole, whole);
    expect([...frames.keys()]).toEqual(['sw1 eth1', 'sw1 eth2']);
    expect(broken.size).toBe(0);
  });

  it('spoil themselves alone where they are garbage', async () => {
    const { frames, broken } = await read('\x1b[2J' + 'x'.repeat(99), whole);
    expect([...frames.keys()]).toEqual(['sw1 eth2']);
    expect([...broken.keys()]).toEqual(['sw1 eth1']);
    expect(broken.get('sw1 eth1')).toContain('sw1:eth1 makes no sense');
  });

  it('are told of once, however often they are read', async () => {
    const files = filesOf(guestWith('x'.repeat(99)));
    expect((await files.read()).broken.size).toBe(1);
    expect((await files.read()).broken.size).toBe(0);
  });

  it('are all unknown where the guest cannot be asked', async () => {
    const open = () => Promise.reject(new Error('garbage'));
    const { broken } = await filesOf({ ...guestWith(), open }).read();
    expect([...broken.keys()]).toEqual(['sw1 eth1', 'sw1 eth2']);
  });

  it('go on in the next file where one is full, which is removed', async () => {
    const gone: (readonly string[])[] = [];
    const frames = writePcap(Array.from({ length: 8_000 }, () => captured('arp')).flat());
    const host = guestWith(frames);
    const followed: Host = {
      ...host,
      run: ({ argv }) => {
        gone.push(argv);
        return Promise.resolve({ argv, exitCode: 0, stdout: '', stderr: '' });
      },
      open: async (path, mode) => host.open?.(path.replace(/\/0\.pcap1$/, '/0.pcap'), mode),
    };
    const files = filesOf(followed);
    const [first, second] = [await files.read(), await files.read()];
    expect(first.frames.get('sw1 eth1')?.length).toBe(second.frames.get('sw1 eth1')?.length);
    expect(first.isBehind).toBe(false);
    expect(gone).toEqual([['rm', '-f', '/run/x/0.pcap']]);
  });

  it('never throw, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.uint8Array({ maxLength: 400 }), async (text, bytes) => {
        await read(text);
        const damaged = new Uint8Array([...whole.subarray(0, 24), ...bytes]);
        for (const frame of (await read(damaged)).frames.values())
          for (const one of frame) describeFrame(decodeFrame(one.bytes, one.length));
        describeFrame(decodeFrame(bytes));
      }),
      fuzzed('what a capture of a guest holds'),
    );
  }, 3_600_000);
});
