import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FRAME_CLASSES, type FrameClass } from '../../src/frames/classes.js';
import { buildFrame } from '../../src/frames/templates/build.js';
import { ascii } from '../../src/frames/templates/bytes.js';
import { frameTemplates } from '../../src/frames/templates/index.js';
import { decodeFrame } from '../../src/frames/decode.js';
import { writePcap } from '../../src/verify/capture/pcap.js';
import {
  expectNothingLeft,
  hostsWith,
  LOCAL_HOSTS,
  prove,
  vethPair,
  type Checks,
} from './verify-lab.js';

/** Generated frames over one veth cable between two namespaces, sent by the real trafgen. */

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

const check = (name: FrameClass, more: Partial<Checks[number]> = {}) => ({
  probe: 'frame',
  class: name,
  from: 'a:eth1',
  to: 'b:eth1',
  ...more,
});

/** No socket sends what is longer than the MTU. */
const SENT = FRAME_CLASSES.filter((name) => name !== 'over-mtu');

describe('a veth cable', () => {
  it('carries a frame of every class that its MTU lets out, both ways, as it was made', async () => {
    const forth = SENT.map((name) => check(name));
    const back = forth.map((one) => ({ ...one, from: 'b:eth1', to: 'a:eth1' }));
    const lab = await made.lab([...forth, ...back]);
    const { verdicts, captures } = await prove(lab);
    expect(verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual(
      verdicts.map(() => ['pass', null]),
    );
    const seen = captures.map(({ frames }) => new Set(frames.map(({ bytes }) => hex(bytes))));
    for (const { probe } of lab.checks)
      for (const frames of seen) expect(frames).toContain(hex(sentBy(probe.send?.argv ?? [])));
  });

  it('is not even reached by a frame beyond the MTU of its sender', async () => {
    const lab = await made.lab([check('over-mtu'), check('mtu')]);
    const { observations } = await prove(lab, { attempts: 1 });
    expect(observations.map(({ seen }) => seen)).toEqual([[[false, false]], [[true, true]]]);
  });

  it('keeps a tag, and a frame that is padded is as long as asked', async () => {
    const checks = [check('lacp', { vlan: 7 }), check('unicast-own', { payload: 300 })];
    const { verdicts, captures } = await prove(await made.lab(checks));
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
    const frames = captures[1]?.frames.map(({ bytes }) => decodeFrame(bytes));
    expect(frames?.find(({ lacp }) => lacp)?.vlans).toMatchObject([{ id: 7 }]);
    expect(frames?.find(({ etherType }) => etherType === 0x88b5)?.length).toBe(314);
  });

  it('is crossed by two equal checks one after the other: neither takes the frame of the other', async () => {
    const waves: number[] = [];
    const lab = await made.lab([check('stp'), check('stp')]);
    const { verdicts } = await prove(lab, { onWave: (wave) => waves.push(wave.length) });
    expect([waves, verdicts.map(({ outcome }) => outcome)]).toEqual([
      [1, 1],
      ['pass', 'pass'],
    ]);
  });
});

describe('the receiver of a frame', () => {
  const groups = (): Promise<string> => made.ip('b', 'maddress', 'show', 'dev', 'eth1');
  const LACP = '01:80:c2:00:00:02';

  it('has joined its group while it is sent, and has left it afterwards', async () => {
    const before = await groups();
    const during: string[] = [];
    const hosts = hostsWith(async (command) => {
      if (command.argv.includes('trafgen')) during.push(await groups());
      return command;
    });
    await prove(await made.lab([check('lacp')]), {}, hosts);
    expect(before).not.toContain(LACP);
    expect(during).toEqual([expect.stringMatching(new RegExp(`${LACP}.*static`))]);
    expect(await groups()).toBe(before);
  });

  it('stays in a group that somebody else has let it join', async () => {
    await made.ip('b', 'maddress', 'add', LACP, 'dev', 'eth1');
    const before = await groups();
    await prove(await made.lab([check('lacp'), check('lldp')]), {}, LOCAL_HOSTS);
    expect(await groups()).toBe(before);
  });
});

/** The octets that an argument array of trafgen has it send. */
function sentBy(argv: readonly string[]): Uint8Array {
  const words = (argv.at(-1) ?? '').slice(1, -1).split(/,(?=0x|fill)/);
  return Uint8Array.from(
    words.flatMap((word) => {
      const fill = /^fill\(0x00,(\d+)\)$/.exec(word);
      return fill ? Array<number>(Number(fill[1])).fill(0) : [Number(word)];
    }),
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('tcpdump', () => {
  it('reads every generated frame as what it is, its checksums right', async () => {
    const token = 'abcdefghijk2';
    const frames = FRAME_CLASSES.map((name, time) => {
      const [src, own, foreign] = [10, 11, 12].map((last) => `02:00:00:00:00:${last}`);
      const context = { src: src!, own: own!, foreign: foreign!, token: ascii(token), mtu: 1500 };
      const { bytes } = buildFrame(frameTemplates[name], context);
      return { time, bytes, length: bytes.length };
    });
    const { stdout } = await execa('tcpdump', ['-n', '-e', '-vv', '-tt', '-r', '-'], {
      input: writePcap(frames),
    });
    const said = stdout.split(/^(?=\d+\.\d{6} )/m);
    expect(said).toHaveLength(FRAME_CLASSES.length);
    const words: Readonly<Partial<Record<FrameClass, RegExp>>> = {
      lldp: new RegExp(`LLDP.*Subtype Local \\(7\\): ${token}.*TTL 1s`, 's'),
      stp: /STP 802.1d, Config.*bridge-id f000\.02:00:00:00:00:10/s,
      lacp: /LACPv1, length 110.*System 02:00:00:00:00:10.*Terminator TLV/s,
      dot1x: /EAPOL start \(1\) v2, len 0/,
      pause: /MPCP, Opcode Pause/,
      cdp: new RegExp(`CDPv2, ttl: 1s.*'${token}'`, 's'),
      'arp-request': /who-has 192\.0\.2\.2 tell 192\.0\.2\.1/,
      'arp-reply': /192\.0\.2\.1 is-at 02:00:00:00:00:10/,
      icmp: /ICMP echo request/,
      icmp6: /\[icmp6 sum ok\] ICMP6, echo request/,
      'nd-solicitation': /\[icmp6 sum ok\] ICMP6, neighbor solicitation.*who has 2001:db8::2/,
      'nd-advertisement': /\[icmp6 sum ok\] ICMP6, neighbor advertisement.*tgt is 2001:db8::1/,
      mdns: new RegExp(`\\[no cksum\\].*A \\(QM\\)\\? ${token}\\.local\\.`),
      igmp: /igmp v3 report, 1 group record/,
      'vlan-tagged': /vlan 100, p 0/,
    };
    for (const [name, pattern] of Object.entries(words))
      expect(said[FRAME_CLASSES.indexOf(name as FrameClass)]).toMatch(pattern);
    expect(said.join('')).not.toMatch(/bad |wrong |incorrect|invalid|\[\|/);
  });
});
