import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { whereIn } from '../../../src/plan/link-hops.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import {
  annotate,
  type CaptureContext,
  type HopCapture,
} from '../../../src/verify/evidence/annotate.js';
import { writeEvidence } from '../../../src/verify/evidence/evidence.js';
import { decodeFrame } from '../../../src/frames/decode.js';
import { readPcapng } from '../../support/pcapng.js';
import { labOf, realResult } from '../report/reports.js';
import { bytesOf } from './captures.js';
import { hostNameOf } from '../../../src/where.js';

const { lab, graph, model } = labOf('macvtap-arp-relay');
const { checks } = prepareChecks(lab, model);
const whereOf = whereIn(lab);
const context: CaptureContext = {
  lab: lab.name,
  title: lab.title,
  application: 'patchlab test',
  checks,
  verdicts: realResult('macvtap-arp-relay').verdicts,
  hostOf: (hop) => hostNameOf(whereOf(hop)),
};

/** An ARP frame: RFC 826. */
const arp = (dst: string, src: string, op: string, ips: string): Uint8Array => {
  const [to, from] = [dst, src].map((mac) => mac.replaceAll(':', ''));
  const [sender = '', target = ''] = ips.split(' ');
  return bytesOf(
    `${to} ${from} 0806 0001 0800 06 04 ${op} ${from} ${sender} ${op === '0001' ? '000000000000' : to} ${target}`,
  );
};

/** How far the clock of each machine is ahead. */
const CLOCKS: Readonly<Record<string, number>> = {
  local: 0,
  'guest:sw1': -1.137,
  'guest:sw2': 0.25,
};
/** Seconds that a frame takes from hop to hop. */
const STEP = 0.0002;

/** Captures of an address resolution whose reply dies where the result says, by clocks that differ. */
function captures(): readonly HopCapture[] {
  const check = checks[2];
  const [request, reply] = check?.legs ?? [];
  if (!check || !request || !reply) throw new Error('the lab checks ARP');
  const { from, to } = check.probe;
  const frames = [
    arp('ff:ff:ff:ff:ff:ff', from.mac, '0001', '0a010001 0a010002'),
    arp(from.mac, to.mac, '0002', '0a010002 0a010001'),
  ];
  const [there, back] = [request, reply].map(({ path }) => path);
  const seen = new Map(check.hops.map((hop) => [hop, [] as HopCapture['frames'][number][]]));
  const see = (bytes: Uint8Array | undefined, way = there, begin: number, until = 12): void =>
    way?.slice(0, until).forEach((hop, index) => {
      const time = begin + index * STEP + (CLOCKS[context.hostOf(hop)] ?? 0);
      if (bytes && hop.kind !== 'bridge')
        seen.get(hop)?.push({ time, bytes, length: bytes.length });
    });
  const died = back?.findIndex(({ label }) => label === 'sw1:eth1 macvtap');
  for (const begin of [1000, 1001]) {
    see(frames[0], there, begin);
    see(frames[1], back, begin + 0.1, died);
  }
  return [...seen].flatMap(([hop, all]) => (hop.kind === 'bridge' ? [] : [{ hop, frames: all }]));
}

describe('evidence', () => {
  it('has an interface for each hop, named as reports name it', () => {
    const { interfaces } = annotate(captures(), context);
    expect(interfaces.map(({ name }) => name)).toContain('sw1:eth1 macvtap');
    const device = graph.hops.get('@host mayj2zh7dbjh');
    expect(device?.label).toBe('sw1:eth1 macvtap');
    const macvtap = interfaces.find(({ name }) => name === device?.label);
    expect(macvtap?.description).toBe('macvtap mayj2zh7dbjh of this host');
  });

  it('tells what happened in its order, though the clocks of the guests differ', () => {
    const { interfaces, packets } = annotate(captures(), context);
    const way = (op: string): readonly string[] =>
      packets
        .filter(({ bytes }) => decodeFrame(bytes).arp?.op === op)
        .map((packet) => interfaces[packet.interface]?.name ?? '');
    const path = checks[2]?.hops.filter(({ kind }) => kind !== 'bridge').map(({ label }) => label);
    expect(way('request')).toEqual([...(path ?? []), ...(path ?? [])]);
    const back = path?.toReversed() ?? [];
    const seen = back.slice(0, back.indexOf('sw1:eth1 macvtap'));
    expect(way('reply')).toEqual([...seen, ...seen]);
    const guest = interfaces.find(({ name }) => name === 'sw1/c1:eth0');
    expect(guest?.comments[0]).toMatch(/clock of guest:sw1 was 1\.13\d+ s behind/);
  });

  it('says of a frame which check it is of, where it arrived, and where it was last seen', () => {
    const { interfaces, packets } = annotate(captures(), context);
    const said = (name: string, op: string): readonly string[] | undefined =>
      packets.find(
        (packet) =>
          interfaces[packet.interface]?.name === name && decodeFrame(packet.bytes).arp?.op === op,
      )?.comments;
    expect(said('sw2:eth1 veth', 'request')).toContain('arp sw1/c1 > sw2/c1: ARP request');
    expect(said('sw2/c1:eth0', 'request')).toContain('arp sw1/c1 > sw2/c1: ARP request, arrived');
    const [last] = said('sw1:eth1 veth', 'reply') ?? [];
    expect(last).toContain('ARP reply, last seen here; it died at sw1:eth1 macvtap: A macvtap');
  });

  it('is one file, in a folder that is made', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patchlab-test-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'new', 'one.pcapng');
    await writeEvidence(file, captures(), context);
    const read = readPcapng(new Uint8Array(await readFile(file)));
    expect(read.application).toBe('patchlab test');
    expect(read.comments[0]).toContain('patchlab verify macvtap-arp-relay: A macvtap');
    expect(read.packets).toHaveLength(2 * (10 + 6));
    const times = read.packets.map(({ micros }) => micros);
    expect(times).toEqual(times.toSorted((a, b) => Number(a - b)));
  });
});
