import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/apply/hosts/define.js';
import { decodeFrame, describeFrame } from '../../../src/frames/decode.js';
import type { Hop } from '../../../src/hops/types.js';
import { captureFiles } from '../../../src/verify/capture/files.js';
import { writePcap } from '../../../src/verify/capture/pcap.js';
import { captured } from './captures.js';

/** What a guest hands out as its captures is a stranger's text. */

const points = ['eth1', 'eth2'].map((device) => ({
  hop: { id: `sw1 ${device}`, label: `sw1:${device}`, stack: 'sw1', device } as Hop,
  netns: undefined,
}));

/** A guest that prints a text in place of its captures. */
const guestThatPrints = (stdout: string): Host => ({
  name: 'guest:sw1',
  run: ({ argv }) => Promise.resolve({ argv, exitCode: 0, stdout, stderr: '' }),
});
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');
const read = (stdout: string) => captureFiles(guestThatPrints(stdout), '/run/x', points)();

const whole = writePcap(captured('arp'));

describe('captures of a guest', () => {
  it('are read where they are captures', async () => {
    const { frames, broken } = await read(`${base64(whole)}\n.\n${base64(whole)}\n.\n`);
    expect([...frames.keys()]).toEqual(['sw1 eth1', 'sw1 eth2']);
    expect(broken.size).toBe(0);
  });

  it('spoil themselves alone where they are garbage', async () => {
    const { frames, broken } = await read(
      `${base64('\x1b[2J' + 'x'.repeat(99))}\n.\n${base64(whole)}\n.\n`,
    );
    expect([...frames.keys()]).toEqual(['sw1 eth2']);
    expect([...broken.keys()]).toEqual(['sw1 eth1']);
    expect(broken.get('sw1 eth1')).toContain('sw1:eth1 makes no sense');
  });

  it('are told of once, however often they are read', async () => {
    const next = captureFiles(
      guestThatPrints(`${base64('x'.repeat(99))}\n.\n.\n`),
      '/run/x',
      points,
    );
    expect((await next()).broken.size).toBe(1);
    expect((await next()).broken.size).toBe(0);
  });

  it('are all unknown where the guest cannot be asked', async () => {
    const host: Host = { name: 'guest:sw1', run: () => Promise.reject(new Error('garbage')) };
    const { broken } = await captureFiles(host, '/run/x', points)();
    expect([...broken.keys()]).toEqual(['sw1 eth1', 'sw1 eth2']);
  });

  it('never throw, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.uint8Array({ maxLength: 400 }), async (text, bytes) => {
        await read(text);
        const damaged = new Uint8Array([...whole.subarray(0, 24), ...bytes]);
        for (const frame of (await read(`${base64(damaged)}\n.\n`)).frames.values())
          for (const one of frame) describeFrame(decodeFrame(one.bytes, one.length));
        describeFrame(decodeFrame(bytes));
      }),
    );
  });
});
