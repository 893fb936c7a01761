import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hop } from '../../../src/hops/types.js';
import { writeEvidence } from '../../../src/verify/evidence.js';
import { createPcapReader } from '../../../src/verify/pcap.js';
import { captured } from './captures.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchlab-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const hop = (label: string): Hop =>
  ({ id: label, kind: 'veth', stack: 's', device: 'd', label, settings: {} }) as const;

describe('evidence', () => {
  it('is a capture for each hop, under a safe name of its own, in the order of the hops', async () => {
    const labels = ['sw1:eth1 macvtap', 'sw1/c1:eth0', '../../etc/passwd', 'a b', 'a/b'];
    const names = await writeEvidence(
      join(folder, 'new', 'one'),
      labels.map((label) => ({ hop: hop(label), frames: [] })),
    );
    expect(names).toEqual([
      '1-sw1_eth1_macvtap.pcap',
      '2-sw1_c1_eth0.pcap',
      '3-.._.._etc_passwd.pcap',
      '4-a_b.pcap',
      '5-a_b.pcap',
    ]);
    expect((await readdir(join(folder, 'new', 'one'))).sort()).toEqual([...names]);
  });

  it('holds the frames as they were captured', async () => {
    const frames = captured('arp');
    const [name = ''] = await writeEvidence(folder, [{ hop: hop('a:eth1'), frames }]);
    const read = createPcapReader().push(await readFile(join(folder, name)));
    expect(read).toEqual(frames);
    expect(frames.length).toBeGreaterThan(0);
  });
});
