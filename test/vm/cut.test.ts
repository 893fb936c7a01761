import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cli,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  status,
  topologyFile,
  verify,
} from '../support/cli.js';

/** Cables between guests that are pulled: the guests see that they have no carrier, by whatever they are plugged in. */

const LINKS = ['udp', 'macvtap', 'bridge', 'redirect', 'panel', 'shared'];
const PORTS = LINKS.map((_, index) => `eth${index + 1}`);
const addresses = (last: number): string =>
  PORTS.map((port, index) => `${port}: 10.0.${index + 1}.${last}/24`).join(', ');

const LAB = `name: pulled-guests
nodes:
  sw1: { kind: vm, addresses: { ${addresses(1)} } }
  sw2: { kind: vm, addresses: { ${addresses(2)} } }
  host: { kind: netns, addresses: { eth7: 10.0.7.2/24 } }
links:
  - { kind: udp, name: udp, ends: [sw1:eth1, sw2:eth1] }
  - { kind: macvtap, name: macvtap, mode: passthru, ends: [sw1:eth2, sw2:eth2] }
  - { kind: bridge, name: bridge, ends: [sw1:eth3, sw2:eth3] }
  - { kind: redirect, name: redirect, ends: [sw1:eth4, sw2:eth4] }
  - { kind: ovs-panel, name: panel, patches: [[sw1:eth5, sw2:eth5]] }
  - { kind: macvlan, name: shared, mode: bridge, ends: [sw1:eth6, sw2:eth6] }
  - { kind: macvtap, name: down, ends: [sw1:eth7, host:eth7] }
verify:
${PORTS.flatMap((port) => [
  `  - { probe: carrier, at: sw1:${port}, expect: down }`,
  `  - { probe: carrier, at: sw2:${port}, expect: down }`,
  `  - { probe: icmp, from: sw1:${port}, to: sw2:${port}, expect: blocked }`,
]).join('\n')}
  - { probe: carrier, at: host:eth7 }
`;

const folder = scratchFolder();
let before: string;
beforeAll(async () => {
  before = await hostSnapshot();
  const file = await topologyFile(folder, 'pulled-guests.yaml', LAB);
  expect((await cli(['up', file])).exitCode).toBe(0);
});
afterAll(() => cli(['down', '--all']));

/** Names of the ports of a guest that have carrier. */
async function withCarrier(node: string): Promise<readonly string[]> {
  const { stdout } = await cli(['exec', node, '--', 'ip', '-br', 'link']);
  return stdout.split('\n').flatMap((line) => /^(eth\d+) .*LOWER_UP/.exec(line)?.[1] ?? []);
}

describe('the cable of a guest that is pulled', () => {
  it('leaves it without carrier, whatever the kind of the link, until it is plugged', async () => {
    expect((await cli(['cut', ...LINKS])).exitCode).toBe(0);
    const { verdicts } = await verify('pulled-guests');
    expect(verdicts.filter(({ outcome, surprise }) => outcome !== 'pass' || surprise)).toEqual([]);
    expect(await withCarrier('sw1')).toEqual(['eth7']);
    expect((await status('pulled-guests')).drift).toEqual([]);
    // A guest that starts again finds its cables as they were.
    expect((await cli(['restart', 'pulled-guests', 'sw1', '--no-verify'])).exitCode).toBe(0);
    expect(await withCarrier('sw1')).toEqual(['eth7']);
    expect((await cli(['plug', ...LINKS])).exitCode).toBe(0);
    for (const node of ['sw1', 'sw2'])
      expect(await withCarrier(node)).toEqual(expect.arrayContaining(PORTS));
    const { verdicts: plugged } = await verify('pulled-guests');
    expect(plugged.map(({ surprise }) => surprise)).toEqual(plugged.map(() => null));
  });

  it('is missed where somebody has plugged it behind the back of patchlab', async () => {
    await cli(['cut', 'bridge']);
    const { nodes } = await status('pulled-guests');
    const sw1 = nodes.find(({ name }) => name === 'sw1');
    const mac = sw1?.ports.find(({ name }) => name === 'eth3')?.mac ?? '';
    const words = ['domif-setlink', sw1?.domain ?? '', mac, 'up'];
    await execa('virsh', ['-c', 'qemu:///system', ...words]);
    await expect
      .poll(async () => (await status('pulled-guests')).drift.map(({ what }) => what))
      .toEqual(['pull the cable out of sw1:eth3']);
    await cli(['plug', 'bridge']);
    expect((await status('pulled-guests')).drift).toEqual([]);
    await cli(['cut', 'udp', 'panel']);
    await cli(['down', 'pulled-guests']);
    await expectHostAsBefore(before);
  });
});
