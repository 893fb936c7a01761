import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { cli, cliJson, root, scratchFolder, startCli, topologyFile } from '../support/cli.js';

/** What the kernel of this machine says of lost frames, and that nothing stays of the means by which it is asked. */

const LAB = `name: testified
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b:
    kind: netns
    addresses: { eth1: 10.0.0.2/24 }
    nft: |
      table inet f {
        chain i {
          type filter hook input priority 0
          iifname "eth1" ip protocol icmp drop
        }
      }
  c: { kind: netns, addresses: { eth1: 10.0.0.3/24 } }
links:
  - { kind: bridge, name: lan, ends: [a:eth1, b:eth1, c:eth1] }
verify:
  - { probe: frame, class: pause, from: a:eth1, to: c:eth1 }
  - { probe: lldp, from: a:eth1, to: c:eth1 }
  - { probe: icmp, from: a:eth1, to: b:eth1 }
  - { probe: icmp, from: a:eth1, to: c:eth1 }
`;

const folder = scratchFolder();

beforeAll(async () => {
  const file = await topologyFile(folder, 'testified.yaml', LAB);
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
});

afterAll(() => cli(['down', 'testified']));

/** Run a script in a shell that has mounts of its own. */
const apart = (script: string, ...words: readonly string[]) =>
  execa('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script, ...words], {
    reject: false,
  });

/** Trace instances of patchlab processes of this namespace of process numbers: other tests have theirs. */
async function instances(): Promise<readonly string[]> {
  const space = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
  const { exitCode, stdout } = await apart(
    'mount -t tracefs none /sys/kernel/tracing && ls /sys/kernel/tracing/instances',
  );
  expect(exitCode).toBe(0);
  return stdout.split('\n').filter((name) => name.startsWith(`patchlab-${space}:`));
}

describe('the kernel', () => {
  it('says which of its functions dropped a frame, and why', async () => {
    const { result } = await cliJson('verify', 'testified', '--kernel');
    const words = result.verdicts.map(({ blame }) => blame?.kernel);
    expect(words).toEqual([
      { function: 'br_handle_frame', reason: 'MAC_IEEE_MAC_CONTROL', device: 'a:eth1 veth' },
      // It is handed to the stack of the host, where nobody wants it.
      { function: '__netif_receive_skb_core', reason: 'UNHANDLED_PROTO', device: 'a:eth1 veth' },
      { function: 'nft_do_chain', reason: 'NETFILTER_DROP', device: 'b:eth1' },
      undefined,
    ]);
    expect(await instances()).toEqual([]);
  });

  it('is told of on the terminal', async () => {
    const { stdout } = await cli(['verify', 'testified', '--kernel']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'The kernel freed it in `br_handle_frame` for MAC_IEEE_MAC_CONTROL, after a:eth1 veth had it.',
    );
  });

  it('is asked about one frame, too', async () => {
    const where = ['a:eth1', 'c:eth1', '--lab', 'testified', '--frame', 'pause', '--kernel'];
    const { result } = await cliJson('trace', ...where);
    expect(result.blame?.kernel).toEqual({
      ...{ function: 'br_handle_frame', reason: 'MAC_IEEE_MAC_CONTROL', device: 'a:eth1 veth' },
    });
    const { stdout } = await cli(['trace', ...where]);
    expect(stdout).toMatch(/kernel: The kernel freed it in `br_handle_frame`/);
  });

  it('is asked no more once patchlab was killed', async () => {
    const running = startCli(['verify', 'testified', '--kernel']);
    await expect.poll(instances, { timeout: 20_000, interval: 20 }).toHaveLength(1);
    running.kill('SIGKILL');
    await running;
    await expect.poll(instances, { timeout: 20_000, interval: 100 }).toEqual([]);
  });

  it('changes no verdict where it cannot be asked, and that is said', async () => {
    const { result } = await cliJson('verify', 'testified', '--kernel');
    // A machine that has no trace file system.
    const hidden = 'mount -t tmpfs none /sys/kernel && exec "$0" "$@"';
    const without = (...args: readonly string[]) =>
      apart(hidden, join(root, 'bin/patchlab'), ...args, '--kernel');
    const { stdout } = await without('verify', 'testified', '--json');
    const blind = resultSchemas.verify.parse(JSON.parse(stdout));
    const told = ({ verdicts }: typeof blind) =>
      verdicts.map(({ outcome, blame }) => ({ outcome, at: blame?.at }));
    expect(told(blind)).toEqual(told(result));
    expect(blind.verdicts.flatMap(({ blame }) => blame?.kernel ?? [])).toEqual([]);
    const silent = 'The kernel cannot be asked what it dropped:';
    expect((await without('verify', 'testified')).stderr).toContain(silent);
    const trace = ['trace', 'a:eth1', 'c:eth1', '--lab', 'testified', '--frame', 'pause'];
    expect((await without(...trace)).stderr).toContain(silent);
  });
});
