import { execa } from 'execa';
import { expect, it } from 'vitest';
import { isPerNamespace, sysctlParts } from '../../src/topology/sysctl.js';

/** Which settings are a namespace's own is held against what this kernel shows in a fresh one. */

const namesIn = async (...enter: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await execa('env', [...enter, 'sysctl', '-aN'], { reject: false });
  return stdout.split('\n').filter((name) => name !== '');
};

const isOwn = (name: string): boolean => {
  const parts = sysctlParts(name);
  return parts !== undefined && isPerNamespace(parts);
};

/** They are there to be read, but not to be set: the machine's values. */
const SHOWN =
  /^net\.(netfilter\.nf_conntrack_(buckets|expect_max|max)|nf_conntrack_max|core\.rps_default_mask)$|^net\.ipv4\.tcp_available/;

it('a namespace may be given what the kernel has for each, and nothing else', async () => {
  const [machine, fresh] = await Promise.all([namesIn(), namesIn('unshare', '-n')]);
  expect(fresh.length).toBeGreaterThan(200);
  const perDevice = /^net\.ipv[46]\.(conf|neigh)\./;
  const machineOnly = machine.filter((name) => !fresh.includes(name) && !perDevice.test(name));
  // None where this runs in a namespace itself.
  expect(machineOnly.filter(isOwn)).toEqual([]);
  const others = machine.filter((name) => !name.startsWith('net.'));
  expect(others).toContain('kernel.printk_ratelimit_burst');
  expect(others.filter(isOwn)).toEqual([]);
  const own = fresh.filter((name) => name.startsWith('net.') && !SHOWN.test(name));
  expect(own.filter((name) => !isOwn(name))).toEqual([]);
});
