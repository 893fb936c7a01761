import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cli, scratchFolder, status, topology, topologyFile, verify } from '../support/cli.js';
import { arrivedIn, believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** Simulated devices in a guest whose image has a module for them. */

const LAB = readFileSync(topology('simulated-device.yaml'), 'utf8');
const ENDS = ['host/user:eth2', 'host/switch:sim0'] as const;

const folder = scratchFolder();
const lab = matrixLab(LAB, { pairs: [ENDS], sizes: [1500] });

const inGuest = async (script: string): Promise<string> =>
  (await cli(['exec', 'host', '--', 'sh', '-c', script])).stdout;

describe('the model of a simulated device', () => {
  it('is what the kernel does with every class in both directions', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
    expect(lostIn(lab.cells, ...ENDS)).not.toContain('unicast-foreign');
    expect(arrivedIn(lab.cells, 'host/switch:sim0', 'host/user:eth2')).toEqual([]);
  });

  it('is contradicted when it believes that the device carries frames', () => {
    const open = believing(lab.cells, (hop) =>
      hop.device === 'p1' ? { ...hop, settings: { ...hop.settings, down: true } } : hop,
    );
    expect(open.flatMap(contradiction)).not.toEqual([]);
  });

  it('has the lab hold what its file says', async () => {
    const { exitCode, verdicts } = await verify('simulated-device');
    expect(verdicts.filter(({ outcome, surprise }) => outcome !== 'pass' || surprise)).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe('a simulated device', () => {
  const offloads = 'ip netns exec router ethtool -k sim0 | grep hw-tc';
  const changed = async (text: string): Promise<void> => {
    expect(text).not.toBe(LAB);
    const file = await topologyFile(folder, 'simulated-device.yaml', text);
    expect(await cli(['up', '--no-verify', file])).toMatchObject({ exitCode: 0 });
    expect((await status('simulated-device')).drift).toEqual([]);
  };

  it('is read back, mended and changed in place', async () => {
    expect((await status('simulated-device')).drift).toEqual([]);
    expect(await inGuest(offloads)).toContain('hw-tc-offload: on');
    await inGuest('ip netns exec router ethtool -K sim0 hw-tc-offload off');
    const { drift } = await status('simulated-device');
    expect(drift.map(({ id }) => id)).toEqual(['netdevsim host/router sim0']);
    await changed(LAB.replace('hw_tc_offload: true', 'mtu: 1300'));
    expect(await inGuest(offloads)).toContain('hw-tc-offload: off');
    expect(await inGuest('ip -n router link show sim0')).toContain('mtu 1300');
  });

  it('leaves nothing behind when it is taken out of the file', async () => {
    expect((await inGuest('ls /sys/bus/netdevsim/devices')).split('\n')).toHaveLength(3);
    const rest = LAB.replace(/ +- \{ kind: netdevsim.*\n/g, '')
      .replace(", 'switch:sim0'", '')
      .replace(/ +'\w+:sim0':.*\n/g, '')
      .replace(/verify:[^]*/, '');
    await changed(rest);
    expect(await inGuest('ls /sys/bus/netdevsim/devices')).toBe('');
  });
});
