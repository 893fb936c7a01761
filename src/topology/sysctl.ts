/**
 * Which kernel settings a network namespace has for itself: ip-sysctl and sysctl/net in the kernel's documentation, and
 * what a fresh namespace of Linux 6.18 shows in /proc/sys/net.
 */

/** The parts of a setting's name. sysctl(8): whichever of `.` and `/` comes first separates; the other stands for the former in a part, as in `net.ipv4.conf.eth0/7.rp_filter`. */
export function sysctlParts(name: string): readonly string[] | undefined {
  const separator = /[./]/.exec(name)?.[0] ?? '.';
  const other = separator === '.' ? '/' : '.';
  const parts = name.split(separator).map((part) => part.replaceAll(other, '.'));
  return parts.length > 1 && parts.every(isPart) ? parts : undefined;
}

/** No part may lead elsewhere (`..`), be a pattern, or look like an option of sysctl(8). */
const isPart = (part: string): boolean =>
  /^[A-Za-z0-9_][A-Za-z0-9_.@+-]*$/.test(part) && !/^\.+$/.test(part);

/** Of `net.core`, what is per namespace; all else of it is the machine's. */
const CORE = new Set([
  ...['somaxconn', 'optmem_max', 'txrehash', 'tstamp_allow_data'],
  ...['rmem_default', 'rmem_max', 'wmem_default', 'wmem_max', 'bypass_prot_mem'],
  ...['xfrm_acq_expires', 'xfrm_aevent_etime', 'xfrm_aevent_rseqth', 'xfrm_larval_drop'],
]);

/** Elsewhere in `net`, what is the machine's. */
const GLOBAL: readonly RegExp[] = [
  /^net\.nf_conntrack_max$/,
  /^net\.netfilter\.(nf_log_all_netns|nf_conntrack_max|nf_conntrack_buckets|nf_conntrack_expect_max)$/,
  /^net\.ipv4\.(cipso_|inet_peer_)/,
  /^net\.ipv4\.(fib_sync_mem|ipfrag_secret_interval|udp_mem)$/,
  /^net\.ipv4\.tcp_(available_ulp|available_congestion_control|low_latency|max_orphans|mem)$/,
  /^net\.ipv4\.route\.(error_|gc_|max_size|redirect_)/,
  /^net\.ipv6\.(calipso_|ip6frag_secret_interval$|mld_)/,
];

/** Does each network namespace have a setting of its own under this name? */
export function isPerNamespace(parts: readonly string[]): boolean {
  const [first, second, third = ''] = parts;
  if (first !== 'net' || parts.length < 3) return false;
  if (second === 'core') return parts.length === 3 && CORE.has(third);
  const name = parts.join('.');
  return !GLOBAL.some((pattern) => pattern.test(name));
}
