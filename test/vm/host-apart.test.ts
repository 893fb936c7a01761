import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { attackedHost, hostDevices, watchHost } from '../support/attacked-host.js';
import { cli, cliJson, hostSnapshot, scratchFolder, topologyFile } from '../support/cli.js';
import { sendFrom } from '../support/frame-capture.js';
import { hostileFrames, lastFrame } from '../support/hostile-frames.js';
import { isLong } from '../support/random.js';

/** A hostile guest that attacks the machine it runs on, by a port on each kind of link: nothing of it reaches the machine's IP stack. */

const LAB = `name: hostile
nodes:
  w: { kind: netns }
  g: { kind: vm }
links:
  - { kind: macvtap, mode: vepa, ends: [g:eth1, w:eth1] }
  - { kind: macvtap, mode: bridge, allmulticast: true, ends: [g:eth2, w:eth2] }
  - { kind: macvtap, mode: private, promisc: true, ends: [g:eth3, w:eth3] }
  - { kind: macvtap, mode: passthru, trustGuestRxFilters: true, ends: [g:eth4, w:eth4] }
  - { kind: macvlan, mode: bridge, ends: [g:eth5, g:eth6] }
  - { kind: macvlan, mode: vepa, reflective_relay: true, ends: [g:eth7, w:eth7] }
  - { kind: bridge, group_fwd_mask: 0xfffd, ends: [g:eth8, w:eth8] }
  - { kind: ovs-switch, ends: [g:eth9, w:eth9] }
  - { kind: ovs-panel, patches: [[g:eth10, w:eth10]] }
  - { kind: redirect, ends: [g:eth11, w:eth11] }
`;
/** Behind a macvtap, the machine's own devices that the guest comes to are its peer's, which is in \`w\`; a redirect goes before any stack. */
const CLOSED = ['eth1', 'eth2', 'eth3', 'eth4', 'eth11'];

const folder = scratchFolder();
let before = '';
let host: Awaited<ReturnType<typeof attackedHost>>;
let targets: readonly string[];
let ports: readonly { readonly name: string; readonly mac: string }[];

beforeAll(async () => {
  before = await hostSnapshot();
  host = await attackedHost();
  const others = await hostDevices();
  const file = await topologyFile(folder, 'hostile.yaml', LAB);
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
  const { result } = await cliJson('status', 'hostile');
  const found = 'nodes' in result ? result.nodes.find(({ name }) => name === 'g')?.ports : [];
  ports = (found ?? []).map(({ name, mac }) => ({ name, mac: mac ?? '' }));
  expect(ports).toHaveLength(11);
  const own = ports.map(({ mac }) => mac);
  targets = [...(await hostDevices()).values()]
    .filter(({ ifname, address }) => !others.has(ifname) && !own.includes(address))
    .map(({ address }) => address);
});

afterAll(() => host.end());

/** As many frames as one command to the guest carries. */
const SHARE = 130;

/** Attack by each port of the guest, and towards the guest from its other ends. */
async function attack() {
  const end = await watchHost(targets);
  const rest = { targets, host: host.addresses, port: host.port };
  const own = ['198.51.100.66', '2001:db8:77::66'] as const;
  const guest = { machine: 'local', inside: 'g' };
  for (const { name, mac } of ports) {
    const frames = hostileFrames({ ...rest, mac, own, token: name });
    for (let at = 0; at < frames.length; at += SHARE)
      await sendFrom(guest, name, frames.slice(at, at + SHARE));
    await sendFrom(guest, name, [lastFrame(mac)]);
    // The lower device of a macvtap hears what comes by the cable.
    const { exitCode, stdout } = await execa(
      'ip',
      ['-n', 'hostile.w', '-j', 'link', 'show', name],
      {
        reject: false,
      },
    );
    if (exitCode !== 0) continue;
    const [link] = JSON.parse(stdout) as readonly { address: string }[];
    const back = hostileFrames({ ...rest, mac: link?.address ?? '', own, token: `w ${name}` });
    await sendFrom({ machine: 'local', netns: 'hostile.w' }, name, back);
    await sendFrom({ machine: 'local', netns: 'hostile.w' }, name, [
      lastFrame(link?.address ?? ''),
    ]);
  }
  const spoken = await end(ports.map(({ mac }) => mac));
  return { spoken, heard: await host.heard() };
}

describe('a guest', () => {
  it('does not reach the machine by any kind of link', async () => {
    expect(await attack()).toEqual({ spoken: [], heard: [] });
  });

  // That the attack would be seen: the same is shown of namespaces in every run.
  if (isLong)
    it('would by most, without the filter', async () => {
      const families = ['arp', 'inet', 'bridge'];
      await execa('nft', [
        families.map((one) => `delete table ${one} patchlab.hostile`).join('; '),
      ]);
      const { spoken, heard } = await attack();
      const open = ports.map(({ name }) => name).filter((name) => !CLOSED.includes(name));
      expect(heard.filter((name) => !name.startsWith('w'))).toEqual(open.sort());
      expect(heard).toEqual(expect.arrayContaining(['w eth1', 'w eth2', 'w eth3', 'w eth4']));
      expect(spoken.filter((line) => line.includes('Reply 198.51.100.77 is-at'))).not.toEqual([]);
    });

  it('leaves the host as it was', async () => {
    expect(await cli(['down', 'hostile'])).toMatchObject({ exitCode: 0 });
    await host.end();
    await expect.poll(hostSnapshot, { timeout: 30_000, interval: 200 }).toBe(before);
  });
});
