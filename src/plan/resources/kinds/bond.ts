import { defineResource, ip } from '../define.js';
import { DEFAULT_MTU, mtuWords } from '../host-device.js';
import { devicesOf, readDevice, readMade, readOptions } from '../read-device.js';

interface BondState {
  readonly device: string;
  readonly mac: string;
  readonly mtu?: number;
  /** By the words of ip-link(8), `type bond`. */
  readonly options: Readonly<Record<string, string>>;
  /** It has the address of the member that it uses, whichever that is. */
  readonly follows?: true;
}

/** What the kernel changes only of a bond that has no member yet, or is down (drivers/net/bonding/bond_options.c). */
const FIXED: ReadonlySet<string> = new Set(['mode', 'fail_over_mac', 'lacp_rate', 'ad_select']);

/** A bond without its members: drivers/net/bonding, ip-link(8). */
export const bond = defineResource<BondState>({
  type: 'bond',
  noun: 'bond',
  stage: () => 'inside',
  make: ({ device, mac, mtu, options }) => [
    ip(
      ...['link', 'add', 'name', device, 'address', mac, ...mtuWords(mtu), 'type', 'bond'],
      ...Object.entries(options).flat(),
    ),
  ],
  remove: ({ device }) => [ip('link', 'del', 'dev', device)],
  change(old, { device, mac, mtu, options }) {
    const names = [...new Set([...Object.keys(old.options), ...Object.keys(options)])];
    const changed = names.filter((name) => old.options[name] !== options[name]);
    const fixed = changed.find((name) => FIXED.has(name));
    if (fixed !== undefined) return `a bond with members keeps its ${fixed}`;
    const gone = changed.find((name) => options[name] === undefined);
    if (gone !== undefined) return `nothing says what ${gone} was before it was set`;
    const set = ['link', 'set', 'dev', device];
    return [
      ...(old.mac === mac ? [] : [ip(...set, 'address', mac)]),
      ...(old.mtu === mtu ? [] : [ip(...set, 'mtu', String(mtu ?? DEFAULT_MTU))]),
      ...changed.map((name) => ip(...set, 'type', 'bond', name, options[name] ?? '')),
    ];
  },
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, (row) => {
      const real = readMade(wanted, row);
      const shown = row.linkinfo?.info_data;
      return {
        ...(wanted.follows ? { ...real, mac: wanted.mac } : real),
        options: readOptions(wanted.options, shown && shownBond(shown)),
      };
    }),
});

/** The options as they are written: a list of targets comes by number. */
const shownBond = (
  shown: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => ({
  ...shown,
  ...(Array.isArray(shown.arp_ip_target) && { arp_ip_target: shown.arp_ip_target.join(',') }),
});
