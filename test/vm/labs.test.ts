import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  scratchFolder,
  startCli,
  status,
  topology,
  topologyFile,
  verify,
  restoresHost,
} from '../support/cli.js';

/** The labs with guests: built, proved and removed through the command line, on real QEMU. */

const folder = scratchFolder();
beforeAll(async () => {
  // Labs share the image; building it is not what these tests are about.
  expect((await cli(['guest', 'build', 'mini'])).exitCode).toBe(0);
});

const before = restoresHost();

type Verified = Awaited<ReturnType<typeof verify>>;

async function upAndVerify(file: string, target?: string): Promise<Verified> {
  const { exitCode, result } = await cliJson('up', file);
  expect([exitCode, result.guests.filter(({ start }) => start !== 'warm')]).toEqual([0, []]);
  return verify(target ?? file);
}

/** A topology changed by replacing text that must be there. */
async function variant(name: string, from: string | RegExp, to: string): Promise<string> {
  const text = await readFile(topology(name), 'utf8');
  const changed = text.replaceAll(from, to);
  expect(changed).not.toBe(text);
  return topologyFile(folder, `variant-${name}`, changed);
}

const ARP_LOSS = {
  leg: 'ARP reply',
  lastSeen: 'sw1:eth1 veth',
  firstMissed: 'sw1:eth1 macvtap',
  at: 'sw1:eth1 macvtap',
  reason: expect.stringContaining('delivers unicast only for its own MAC') as string,
  remedy: expect.stringContaining('passthru') as string,
};

describe('macvtap-arp-relay', () => {
  it('names the macvtap of the asker as the place where the ARP reply dies, expected or not', async () => {
    const expected = await upAndVerify(topology('macvtap-arp-relay.yaml'), 'macvtap-arp-relay');
    expect(expected.exitCode).toBe(0);
    expect(expected.verdicts.map(({ outcome }) => outcome)).toEqual(Array(5).fill('pass'));
    expect(expected.verdicts[2]?.blame).toMatchObject(ARP_LOSS);
    expect(expected.verdicts[3]?.blame).toMatchObject(ARP_LOSS);

    // The same lab, with other intentions: nothing is built anew.
    const file = await variant('macvtap-arp-relay.yaml', /, expect: blocked, at: '[^']*'/g, '');
    const intended = await verify(file);
    expect(intended.exitCode).toBe(1);
    expect(intended.verdicts[2]).toMatchObject({ outcome: 'fail', blame: ARP_LOSS });

    const { stdout } = await cli(['verify', 'macvtap-arp-relay']);
    expect(stdout).toContain('the ARP reply died at sw1:eth1 macvtap');
  });

  it('has its probes pass with mode passthru in the file', async () => {
    const text = await readFile(
      await variant('macvtap-arp-relay.yaml', 'mode: vepa', 'mode: passthru'),
      'utf8',
    );
    const file = await topologyFile(
      folder,
      'passthru.yaml',
      text.replaceAll(/, expect: blocked, at: '[^']*'/g, ''),
    );
    const { exitCode, verdicts } = await upAndVerify(file);
    expect(verdicts.map(({ outcome, message }) => [outcome, message])).toEqual(
      Array(5).fill(['pass', 'It arrived.']),
    );
    expect(exitCode).toBe(0);
  });
});

describe('lldp-direct', () => {
  it('proves LLDP, ARP and ICMP, and its guests answer by their names', async () => {
    const { exitCode, verdicts } = await upAndVerify(topology('lldp-direct.yaml'));
    expect([exitCode, verdicts.map(({ outcome }) => outcome)]).toEqual([0, Array(4).fill('pass')]);
    expect((await cli(['exec', 'sw1', '--', 'hostname'])).stdout).toBe('sw1');
    expect((await cli(['exec', 'sw2', '--', 'sh', '-c', 'exit 7'])).exitCode).toBe(7);
    expect(await cliJson('up', topology('lldp-direct.yaml'))).toMatchObject({
      exitCode: 0,
      result: { changed: false },
    });
    // Every hop of the way is a device that is really there.
    const { result } = await cliJson('list');
    expect(result.labs.map(({ name, state }) => [name, state])).toEqual([['lldp-direct', 'up']]);
    const { links } = await status('lldp-direct');
    expect(links[0]?.state).toBe('up');
    expect(links[0]?.hops.map(({ kind }) => kind)).toEqual([
      'nic',
      'macvtap',
      'veth',
      'veth',
      'macvtap',
      'nic',
    ]);
  });

  it('fails at the receiving macvtap without promisc, and the own captures do not repair it', async () => {
    const file = await variant('lldp-direct.yaml', ' promisc: true,', '');
    const { exitCode, verdicts } = await upAndVerify(file);
    const lldp = verdicts.filter(({ probe }) => probe === 'lldp');
    const lost = lldp.filter(({ outcome }) => outcome === 'fail');
    for (const { blame, to } of lost) {
      expect(blame).toMatchObject({
        at: `${to} macvtap`,
        lastSeen: `${to} veth`,
        reason: expect.stringContaining('filters multicast') as string,
        remedy: expect.stringContaining('allmulticast') as string,
      });
    }
    // The filter is a hash salted per device: one device in about a hundred lets LLDP through, and the model says that it may.
    for (const { predicted, surprise } of lldp)
      expect([predicted.outcome, surprise]).toEqual(['random', null]);
    expect(lost.length).toBeGreaterThan(0);
    expect(exitCode).toBe(1);
    const others = verdicts.filter(({ probe }) => probe !== 'lldp');
    expect(others.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
    // A tcpdump without -p at the macvtap does repair it, and that is told.
    const { result } = await cliJson('verify', file, '--twice');
    const told = result.findings.filter(({ kind }) => kind === 'heisenbug');
    expect(told.map(({ where }) => where)).toEqual(lost.map(({ from, to }) => [from, to]));
    for (const { what } of told) expect(what).toContain('arrives only while somebody watches');
  });

  it('is taken down again by Ctrl-C while its guests boot', async () => {
    const up = startCli(['up', '--cold', topology('lldp-direct.yaml')]);
    await new Promise<void>((resolve) => {
      up.stderr.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('guests')) resolve();
      });
    });
    up.kill('SIGINT');
    expect((await up).exitCode).not.toBe(0);
    await expectHostAsBefore(before());
  });

  it('can be built by the planned script alone, and removed by the other', async () => {
    const out = join(folder, 'scripts');
    await cli(['plan', topology('lldp-direct.yaml'), '--out', out]);
    expect(readdirSync(out).sort()).toEqual(['plan.sh', 'sw1.xml', 'sw2.xml', 'teardown.sh']);
    await execa('sh', [join(out, 'plan.sh')]);
    const request = {
      execute: 'guest-exec',
      arguments: { path: 'ping', arg: ['-c1', '10.0.0.2'], 'capture-output': true },
    };
    const agent = async (body: object): Promise<Record<string, unknown>> => {
      const { stdout } = await execa('virsh', [
        '-q',
        '-c',
        'qemu:///system',
        'qemu-agent-command',
        'lldp-direct.sw1',
        JSON.stringify(body),
      ]);
      return (JSON.parse(stdout) as { return: Record<string, unknown> }).return;
    };
    const { pid } = await agent(request);
    await expect
      .poll(() => agent({ execute: 'guest-exec-status', arguments: { pid } }), { timeout: 60_000 })
      .toMatchObject({ exited: true, exitcode: 0 });
    await execa('sh', [join(out, 'teardown.sh')]);
    await expectHostAsBefore(before());
  });
});

describe('a lab of topologies/ with guests', () => {
  it.each([
    'macvtap-passthru',
    'ovs-patch-panel',
    'guest-to-namespace',
    'datagram-cable',
    'impaired-link',
    'picked-cables',
    'vlan-filter',
    'vlan-device',
    'dummy-device',
    'ipvlan-device',
    'macsec',
    'bond-modes',
    'management-vrf',
    'tunnels',
    'packet-tunnels',
    'wireguard',
    'device-files',
    'netlink-monitor',
    'os-ken-discovery',
  ])('%s holds what its file says', async (name) => {
    const { exitCode, verdicts } = await upAndVerify(topology(`${name}.yaml`));
    const unexpected = verdicts.filter(
      ({ outcome, surprise }) => outcome !== 'pass' || surprise !== null,
    );
    expect(unexpected).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe('bond-failover', () => {
  it('loses its pings for a second at most when the cable in use is cut, as predicted', async () => {
    expect((await cli(['up', topology('bond-failover')])).exitCode).toBe(0);
    const { exitCode, result } = await cliJson('verify', 'bond-failover');
    const { verdicts, steps } = result;
    expect(verdicts.filter(({ outcome, surprise }) => outcome !== 'pass' || surprise)).toEqual([]);
    expect(steps[0]?.pings).toMatchObject({ within: 1000, predicted: 'pass' });
    expect(steps[0]?.pings?.gap).toBeLessThanOrEqual(1000);
    expect([exitCode, steps.map(({ outcome }) => outcome)]).toEqual([0, ['pass', 'pass', 'pass']]);
    const { links } = await status('bond-failover');
    expect(links.map(({ state }) => state)).toEqual(['up', 'up']);
  });
});
