import { describe, expect, it } from 'vitest';
import { isPerNamespace, sysctlParts } from '../../../src/topology/sysctl.js';

const isOwn = (name: string): boolean => isPerNamespace(sysctlParts(name) ?? []);

describe('a kernel setting', () => {
  it.each([
    'net.ipv4.ip_forward',
    'net/ipv4/ip_forward',
    'net.ipv4.conf.eth0/7.rp_filter',
    'net.core.somaxconn',
    'net.mpls.platform_labels',
  ])('is a namespace’s own: %s', (name) => expect(isOwn(name)).toBe(true));
  it.each([
    'kernel.printk',
    'vm.swappiness',
    'net.core.netdev_budget',
    'net.core.default_qdisc',
    'net.ipv4.tcp_mem',
    'net.ipv4.route.gc_thresh',
    'net.ipv6.mld_max_msf',
    'net.nf_conntrack_max',
    'net',
  ])('is the machine’s: %s', (name) => expect(isOwn(name)).toBe(false));
  it.each([
    '',
    'net',
    'net..x',
    'net.ipv4/../../kernel/printk',
    'net/../kernel/printk',
    'net/./ipv4/x',
    '-p',
    '-w.x',
    'net.*.x',
    'net.ipv4.x=1',
    'net.ipv4.x\n',
    '/proc/sys/net',
    'net.ipv4. x',
  ])('has no such name: %j', (name) => expect(sysctlParts(name)).toBeUndefined());
});
