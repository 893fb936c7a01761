import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { attackedHost, hostDevices, watchHost } from '../support/attacked-host.js';
import { cli, hostSnapshot, scratchFolder, topologyFile } from '../support/cli.js';
import { sendFrom } from '../support/frame-capture.js';
import { hostileFrames, lastFrame } from '../support/hostile-frames.js';

/** Namespaces that attack the machine itself by each kind of link: nothing of theirs reaches its IP stack. */

const LINKS: Readonly<Record<string, string>> = {
  bridge: 'kind: bridge',
  masked: 'kind: bridge, group_fwd_mask: 0xfffd',
  tree: 'kind: bridge, stp: true',
  snoops: 'kind: bridge, snooping: true, querier: true',
  switch: 'kind: ovs-switch',
  bpdus: 'kind: ovs-switch, forward_bpdu: true',
  redirect: 'kind: redirect',
  vepa: 'kind: macvlan, mode: vepa',
  siblings: 'kind: macvlan, mode: bridge',
  private: 'kind: macvlan, mode: private',
  relay: 'kind: macvlan, mode: vepa, reflective_relay: true, group_fwd_mask: 0xfffd',
};
const link = ([name, spec]: readonly [string, string]): string =>
  `  - { name: ${name}, ${spec}, ends: [a:${name}, b:${name}] }\n`;
const LAB = `name: apart
nodes:
  a: { kind: netns }
  b: { kind: netns }
links:
${Object.entries(LINKS).map(link).join('')}  - { name: panel, kind: ovs-panel, patches: [[a:panel, b:panel]] }
  - { name: uplink, kind: macvlan, mode: passthru, ends: [a:thru], uplink: b:thru }
  - { name: cable, kind: veth, ends: [a:cable, b:cable] }
`;
/** Links by which nobody comes to the machine anyway: they have no device there, or tc takes the frame away first. */
const CLOSED = ['cable', 'redirect'];

const folder = scratchFolder();
let before = '';
let host: Awaited<ReturnType<typeof attackedHost>>;
let made: Awaited<ReturnType<typeof hostDevices>>;

beforeAll(async () => {
  before = await hostSnapshot();
  host = await attackedHost();
  const others = await hostDevices();
  expect(await cli(['up', await topologyFile(folder, 'apart.yaml', LAB)])).toMatchObject({
    exitCode: 0,
  });
  made = new Map([...(await hostDevices())].filter(([name]) => !others.has(name)));
  // The devices of bridges of Open vSwitch are down; somebody may raise them.
  const { stdout } = await execa('ovs-vsctl', ['list-br']);
  for (const name of stdout.split('\n'))
    if (made.has(name)) await execa('ip', ['link', 'set', 'dev', name, 'up']);
});

afterAll(() => host.end());

const portsOf = async (netns: string) => {
  const { stdout } = await execa('ip', ['-n', netns, '-j', 'link']);
  const links = JSON.parse(stdout) as readonly { ifname: string; address: string }[];
  return links
    .filter(({ ifname }) => ifname !== 'lo')
    .map(({ ifname, address }) => ({ netns, ifname, mac: address }));
};

/** Attack by each port of both nodes. @returns the links by which the machine answered, or heard datagrams */
async function attack() {
  const ports = [...(await portsOf('apart.a')), ...(await portsOf('apart.b'))];
  const own = ports.map(({ mac }) => mac);
  const targets = [...made.values()].map(({ address }) => address);
  const end = await watchHost(targets.filter((mac) => !own.includes(mac)));
  const rest = { targets, host: host.addresses, port: host.port };
  await Promise.all(
    ports.map(async ({ netns, ifname, mac }) => {
      const where = { machine: 'local', netns };
      const frames = hostileFrames({
        ...rest,
        ...{ mac, own: ['198.51.100.66', '2001:db8:77::66'], token: ifname },
      });
      await sendFrom(where, ifname, frames);
      await sendFrom(where, ifname, [lastFrame(mac)]);
    }),
  );
  const visible = ports.filter(({ ifname }) => ifname !== 'cable');
  const spoken = await end(visible.map(({ mac }) => mac));
  return { spoken, heard: await host.heard() };
}

describe('a lab', () => {
  it('does not reach the machine by any kind of link', async () => {
    expect(await attack()).toEqual({ spoken: [], heard: [] });
  });

  it('would by each kind that has a device there, without the filter', async () => {
    const families = ['arp', 'inet', 'bridge'];
    await execa('nft', [
      families.map((family) => `delete table ${family} patchlab.apart`).join('; '),
    ]);
    const { spoken, heard } = await attack();
    const open = [...Object.keys(LINKS), 'panel', 'thru'].filter((name) => !CLOSED.includes(name));
    expect(heard).toEqual(open.sort());
    expect(spoken.filter((line) => line.includes('Reply 198.51.100.77 is-at'))).not.toEqual([]);
  });

  it('is taken down although its filter is gone, and leaves the host as it was', async () => {
    expect(await cli(['down', 'apart'])).toMatchObject({ exitCode: 0 });
    await host.end();
    await expect.poll(hostSnapshot, { timeout: 30_000, interval: 200 }).toBe(before);
  });
});
