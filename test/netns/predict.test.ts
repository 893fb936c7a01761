import { execa } from 'execa';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { cli, root, topology } from '../support/cli.js';

const LAB = topology('macvtap-arp-relay.yaml');

describe('patchlab predict', () => {
  it('needs no program and no libvirt: an empty PATH and bindings that are not there', async () => {
    const hide =
      'mount -t tmpfs tmpfs "$1" && [ ! -e "$1/libvirt" ] && shift && PATH=/no exec "$@"';
    const bare = (...args: readonly string[]) =>
      execa(
        'unshare',
        [
          ...['-m', 'sh', '-c', hide, 'sh', join(root, 'node_modules/@unraid')],
          ...[process.execPath, join(root, 'bin/patchlab'), ...args],
        ],
        { reject: false },
      );
    const { stdout, exitCode } = await bare('predict', LAB);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('sw1:eth1 <> sw2:eth1');
    expect(stdout).toMatch(/remedy: Use `mode: passthru`/);
    // A command that needs programs finds none there.
    expect((await bare('up', LAB)).exitCode).toBe(4);
  });

  it('prints with --json what docs/schema/results.json says', async () => {
    const { stdout } = await cli(['predict', LAB, '--json', '--all']);
    const { pairs } = resultSchemas.predict.parse(JSON.parse(stdout));
    const pair = pairs.find(({ from, to }) => from === 'sw1/c1:eth0' && to === 'sw2/c1:eth0');
    expect(pair?.hears).toContain('arp-request');
    expect(pair?.lost.find((loss) => loss.class === 'arp-reply')).toMatchObject({
      outcome: 'drop',
      at: 'sw2:eth1 macvtap',
    });
  });

  it('takes a place, and refuses one that the lab does not have', async () => {
    const { stdout } = await cli(['predict', LAB, '--from', 'sw1/c1']);
    expect(stdout).toContain('sw1/c1:eth0 > sw2:eth1');
    expect(stdout).not.toContain('sw1:eth1 >');
    const wrong = await cli(['predict', LAB, '--to', 'sw3']);
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('`sw3`')]);
  });
});
