/** Routing tables that every stack has: ip-route(8). `local` is the kernel's own, for the addresses of the stack. */
export const TABLES = { default: 253, main: 254, local: 255 } as const;

/** What becomes of a packet that a route is for: it leaves, or it ends there. */
export const ROUTE_TYPES = ['unicast', 'unreachable', 'blackhole', 'prohibit'] as const;
export type RouteType = (typeof ROUTE_TYPES)[number];

/** Metric of a route that gives none; IPv6 takes 0 for it: Linux net/ipv6/route.c (IP6_RT_PRIO_USER). */
export const USUAL_METRIC = { 4: 0, 6: 1024 } as const;

/** Metric of the route that an address brings: net/ipv4/fib_frontend.c (fib_magic), net/ipv6/addrconf.c (IP6_RT_PRIO_ADDRCONF). */
export const CONNECTED_METRIC = { 4: 0, 6: 256 } as const;

/** The rules that every stack has, in their order: ip-rule(8); net/ipv4/fib_rules.c, net/ipv6/fib6_rules.c. */
const LOCAL = { priority: 0, table: TABLES.local };
const MAIN = { priority: 32_766, table: TABLES.main };
const DEFAULT = { priority: 32_767, table: TABLES.default };
/** The place of the rule that comes with the first VRF of a stack: Linux drivers/net/vrf.c, FIB_RULE_PREF. */
export const VRF_PRIORITY = 1000;
export const BUILT_IN_RULES = { 4: [LOCAL, MAIN, DEFAULT], 6: [LOCAL, MAIN] } as const;
