import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeFrame } from '../../src/frames/decode.js';
import { cli, cliJson, scratchFolder, topology, restoresHost } from '../support/cli.js';
import { readPcapng } from '../support/pcapng.js';

/** Evidence from several machines, each with its own clock. */

const folder = scratchFolder();
restoresHost();

it('tells the way of each frame in its order, from inside one guest over the host into the other', async () => {
  expect((await cli(['up', topology('macvtap-arp-relay.yaml')])).exitCode).toBe(0);
  const file = join(folder, 'evidence.pcapng');
  const { exitCode, result } = await cliJson('verify', 'macvtap-arp-relay', '--evidence', file);
  expect([exitCode, result.evidence]).toEqual([0, file]);
  const reply = result.verdicts[2]?.hops
    .filter(({ seen }) => seen === true)
    .map(({ label }) => label);
  const { interfaces, packets } = readPcapng(new Uint8Array(await readFile(file)));
  // The replies to sw1's container, which die on their way: hop after hop, as often as they were sent.
  const seen = packets.flatMap(({ bytes, interface: id }) => {
    const { arp } = decodeFrame(bytes);
    return arp?.op === 'reply' && arp.senderIp === '10.1.0.2' ? [interfaces[id]?.name] : [];
  });
  expect(seen.length).toBeGreaterThan(0);
  const ways = Array.from({ length: seen.length / 6 }, (_, n) => seen.slice(6 * n, 6 * n + 6));
  expect(ways).toEqual(ways.map(() => reply));
});
