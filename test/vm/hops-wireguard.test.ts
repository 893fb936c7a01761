import { describe, expect, it } from 'vitest';
import type { WireguardDevice } from '../../src/hops/kinds/wireguard.js';
import type { TunnelEnd } from '../../src/hops/tunnel.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, cliJson, scratchFolder, status, topologyFile } from '../support/cli.js';
import { arrivedIn, believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** WireGuard between stacks of one guest, whose kernel has it: whom each packet goes to, and what is taken from whom. */

const SECRET = 'QBEREREREREREREREREREREREREREREREREREREREVE=';
const PRESHARED = 'AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=';
const ALL = "allowed_ips: [0.0.0.0/0, '::/0']";

const LAB = `name: hwg
nodes:
  g:
    kind: vm
    namespaces: [a, b]
    devices:
      - { kind: veth, name: a:eth1, peer: b:eth1 }
      - { kind: wireguard, name: a:every, peers: [{ device: g/b:every, ${ALL}, endpoint: 10.0.0.2 }] }
      - { kind: wireguard, name: b:every, peers: [{ device: g/a:every, ${ALL}, endpoint: 10.0.0.1 }] }
      - kind: wireguard
        name: a:six
        listen_port: 2
        private_key: ${SECRET}
        peers: [{ device: g/b:six, ${ALL}, endpoint: 'fd00::2', preshared_key: ${PRESHARED} }]
      - kind: wireguard
        name: b:six
        listen_port: 3
        peers: [{ device: g/a:six, ${ALL}, preshared_key: ${PRESHARED}, keepalive: 60 }]
      - { kind: wireguard, name: a:some, listen_port: 4, peers: [{ device: g/b:some, ${ALL}, endpoint: 10.0.0.2 }] }
      - kind: wireguard
        name: b:some
        listen_port: 4
        peers: [{ device: g/a:some, allowed_ips: [10.9.9.0/24, 224.0.0.0/24], endpoint: 10.0.0.1 }]
      - { kind: wireguard, name: a:stranger, listen_port: 5, peers: [{ device: g/b:stranger, ${ALL}, endpoint: 10.0.0.2 }] }
      - { kind: wireguard, name: b:stranger, listen_port: 5, peers: [{ device: g/a:every, ${ALL}, endpoint: 10.0.0.1 }] }
      - kind: wireguard
        name: a:psk
        listen_port: 6
        peers: [{ device: g/b:psk, ${ALL}, endpoint: 10.0.0.2, preshared_key: ${PRESHARED} }]
      - { kind: wireguard, name: b:psk, listen_port: 6, peers: [{ device: g/a:psk, ${ALL}, endpoint: 10.0.0.1 }] }
      - { kind: wireguard, name: a:port, listen_port: 7, peers: [{ device: g/b:port, ${ALL}, endpoint: 10.0.0.2, port: 77 }] }
      - { kind: wireguard, name: b:port, listen_port: 7, peers: [{ device: g/a:port, ${ALL} }] }
      - { kind: wireguard, name: a:mute, listen_port: 8, peers: [{ device: g/b:mute, ${ALL}, endpoint: 10.0.9.2 }] }
      - { kind: wireguard, name: b:mute, listen_port: 8, peers: [{ device: g/a:mute, ${ALL} }] }
    routes:
      # The answer has no way back to where the question comes from.
      - { namespace: a, to: 10.0.9.2/32, via: 10.0.0.2, src: 10.7.0.1 }
    addresses:
      a:eth1: [10.0.0.1/24, 10.7.0.1/32, fd00::1/64]
      b:eth1: [10.0.0.2/24, 10.0.9.2/32, fd00::2/64]
links: []
`;

const NAMES = ['every', 'six', 'some', 'stranger', 'psk', 'port', 'mute'] as const;
const PAIRS = NAMES.map((name) => [`g/a:${name}`, `g/b:${name}`] as const);

const folder = scratchFolder();
const lab = matrixLab(LAB, { pairs: PAIRS });

const IPV4 = ['icmp', 'igmp report v2', 'igmp report v3', 'mdns', 'unjoined group'];
const IPV6 = ['icmp6', 'nd-solicitation', 'nd-advertisement'];

describe('the model of WireGuard', () => {
  it('is what the kernel does with every class, device and direction', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it.each(['every', 'six'])('carries packets alone, both ways: %s', (name) => {
    for (const [from, to] of [
      [`g/a:${name}`, `g/b:${name}`],
      [`g/b:${name}`, `g/a:${name}`],
    ] as const)
      expect(arrivedIn(lab.cells, from, to).toSorted()).toEqual([...IPV4, ...IPV6].toSorted());
  });

  it('takes from a peer only what comes from its addresses, and sends it only what is for them', () => {
    expect(arrivedIn(lab.cells, 'g/a:some', 'g/b:some').toSorted()).toEqual(IPV4.toSorted());
    expect(arrivedIn(lab.cells, 'g/b:some', 'g/a:some').toSorted()).toEqual([
      'icmp',
      'igmp report v3',
      'mdns',
    ]);
  });

  it.each(['stranger', 'psk', 'port', 'mute'])(
    'carries nothing between ends that do not agree, or hear no answer: %s',
    (name) => {
      const sent = lab.cells.filter(({ from }) => from === `g/a:${name}`).length;
      expect(lostIn(lab.cells, `g/a:${name}`, `g/b:${name}`)).toHaveLength(sent);
      expect(arrivedIn(lab.cells, `g/b:${name}`, `g/a:${name}`)).toEqual([]);
    },
  );

  it('is contradicted when it believes in other addresses, other keys or an endpoint', () => {
    const believe = (at: string, change: (settings: never) => object) =>
      believing(lab.cells, (hop: Hop) =>
        hop.label.startsWith(at)
          ? { ...hop, settings: { ...hop.settings, ...change(hop.settings as never) } }
          : hop,
      ).flatMap(contradiction);
    expect(
      believe('g/b:some', ({ peers, seal }: WireguardDevice & TunnelEnd) => ({
        ...(seal ? { seal: { ...seal, peers: [] } } : { peers }),
      })),
    ).not.toEqual([]);
    expect(
      believe('g/b:every', ({ seal }: TunnelEnd) => (seal ? { seal: { ...seal, own: 'x' } } : {})),
    ).not.toEqual([]);
    expect(
      believe('g/b:psk', ({ seal }: TunnelEnd) =>
        seal ? { seal: { ...seal, preshared: undefined } } : {},
      ),
    ).toEqual([]);
    expect(believe('nobody', () => ({}))).toEqual([]);
  });
});

describe('a handshake without an answer', () => {
  it('is what the loss is put down to, at the end that waits for it', () => {
    const cell = lab.cells.find(({ from, frame }) => from === 'g/a:mute' && frame.name === 'icmp');
    expect(cell?.prediction).toMatchObject({
      outcome: 'drop',
      at: 1,
      reason: expect.stringContaining('that answer dies at') as string,
    });
    // The decoy: the same packet, where the answer may leave.
    const open = lab.cells.find(({ from, frame }) => from === 'g/a:every' && frame.name === 'icmp');
    expect(open?.prediction.outcome).toBe('pass');
  });
});

describe('the configuration of WireGuard', () => {
  it('is read back as it was made; what somebody makes of it is told without keys, and mended in place', async () => {
    expect((await status('hwg')).drift).toEqual([]);
    const change = [
      'wg set every listen-port 99',
      'wg set six private-key /proc/self/fd/0 <<X',
      'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=',
      'X',
      `wg set psk peer $(wg show psk peers) allowed-ips 10.9.0.0/16`,
    ].join('\n');
    expect((await cli(['exec', 'g/a', '--', 'sh', '-c', change])).exitCode).toBe(0);
    const { drift } = await status('hwg');
    expect(drift.map(({ id, how }) => [id, how])).toEqual([
      ['wireguard keys g/a every', 'change'],
      ['wireguard keys g/a six', 'change'],
      ['wireguard keys g/a psk', 'change'],
    ]);
    expect(JSON.stringify(drift)).not.toContain(SECRET);
    expect((await cliJson('up', lab.file)).result.changes).toEqual(drift);
    expect((await status('hwg')).drift).toEqual([]);
  });

  it('changes in place with the file: a peer goes, another prefix comes', async () => {
    const other = LAB.replace('[10.9.9.0/24, 224.0.0.0/24]', '[198.51.100.0/24]');
    const { result } = await cliJson('up', await topologyFile(folder, 'hwg.yaml', other));
    expect(result.changes.map(({ id, how }) => [id, how])).toEqual([
      ['wireguard keys g/b some', 'change'],
    ]);
    const shown = await cli(['exec', 'g/b', '--', 'wg', 'show', 'some', 'allowed-ips']);
    expect(shown.stdout).toMatch(/\t198\.51\.100\.0\/24$/);
    await topologyFile(folder, 'hwg.yaml', LAB);
    expect((await cli(['up', lab.file])).exitCode).toBe(0);
  });

  it('shows no key that the file gives, neither in a plan nor as an argument of a command', async () => {
    for (const format of ['sh', 'json']) {
      const { stdout } = await cli(['plan', lab.file, '--format', format]);
      expect(stdout).toContain('HIDDEN');
      expect(stdout).not.toContain(SECRET);
      expect(stdout).not.toContain(PRESHARED);
    }
  });
});
