import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeFrame } from '../../src/frames/decode.js';
import {
  beforeSending,
  bothWays,
  expectNothingLeft,
  processesIn,
  prove,
  vethPair,
} from './verify-lab.js';

/** Probes over one veth cable between two namespaces, with the real ladvd, arping, ping and tcpdump. */

let made: Awaited<ReturnType<typeof vethPair>>;

beforeEach(async () => {
  made = await vethPair();
});

afterEach(async () => {
  try {
    await expectNothingLeft(made);
  } finally {
    await made.remove();
  }
});

describe('a veth cable', () => {
  it('carries every probe both ways, seen at both ends, by IPv4 and by IPv6', async () => {
    const lab = await made.lab([
      ...bothWays('lldp', 'a:eth1', 'b:eth1'),
      ...bothWays('arp', 'a:eth1', 'b:eth1'),
      ...bothWays('icmp', 'a:eth1', 'b:eth1'),
      ...bothWays('icmp', 'a:eth1', 'b:eth1').map((check) => ({ ...check, family: 6 as const })),
    ]);
    const { verdicts, observations } = await prove(lab);
    expect(verdicts.map(({ outcome, surprise, message }) => [outcome, surprise, message])).toEqual(
      Array(8).fill(['pass', null, 'It arrived.']),
    );
    // The neighbour tables were emptied first, so that every leg was really sent.
    expect(observations.map(({ seen }) => seen.flat().every((at) => at === true))).toEqual(
      Array(8).fill(true),
    );
    expect(observations.map(({ seen }) => seen.length)).toEqual([1, 1, 2, 2, 4, 4, 4, 4]);
  });

  it('is not distorted by what the neighbour tables hold: a wrong MAC is forgotten first', async () => {
    const wrong = ['lladdr', '02:de:ad:00:00:01', 'nud', 'stale'];
    await made.ip('a', 'neigh', 'replace', '10.0.0.2', 'dev', 'eth1', ...wrong);
    await made.ip('a', 'neigh', 'replace', 'fd00::2', 'dev', 'eth1', ...wrong);
    const check = { probe: 'icmp', from: 'a:eth1', to: 'b:eth1' };
    const { verdicts } = await prove(await made.lab([check, { ...check, family: 6 }]));
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
  });

  it('carries nothing that was not asked for: the ladvd that listens sends nothing', async () => {
    const lab = await made.lab([{ probe: 'lldp', from: 'a:eth1', to: 'b:eth1' }]);
    const { captures } = await prove(lab);
    const senders = captures.map(({ hop, frames }) => [
      hop.id,
      [...new Set(frames.map(({ bytes }) => decodeFrame(bytes).src))],
    ]);
    const sender = lab.checks[0]?.probe.from.mac;
    expect(senders).toEqual([
      ['a eth1', [sender]],
      ['b eth1', [sender]],
    ]);
  });

  it('is captured without promiscuous mode', async () => {
    const lab = await made.lab([{ probe: 'arp', from: 'a:eth1', to: 'b:eth1' }]);
    const states: string[] = [];
    const hosts = beforeSending('arping', async () => {
      const inside = [...(await processesIn(made, 'b')).values()].join('\n');
      expect(inside).toContain('tcpdump -p');
      states.push(await made.ip('b', '-d', 'link', 'show', 'eth1'));
    });
    await prove(lab, {}, hosts);
    expect(states).toEqual([expect.stringContaining('promiscuity 0')]);
  });

  it('whose far end does not answer loses the reply there', async () => {
    await made.ip('b', 'address', 'del', '10.0.0.2/24', 'dev', 'eth1');
    const check = { probe: 'icmp', from: 'a:eth1', to: 'b:eth1', family: 4 } as const;
    const { verdicts } = await prove(await made.lab([check]), { attempts: 1 });
    expect(verdicts[0]).toMatchObject({
      outcome: 'fail',
      leg: 'ARP reply',
      blame: { lastSeen: null, firstMissed: 'b:eth1', reason: null },
      surprise: expect.stringContaining('knows of nothing') as string,
    });
  });
});
