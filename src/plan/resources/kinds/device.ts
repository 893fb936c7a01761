import { sameData } from '../../../same-data.js';
import type { Where } from '../../../where.js';
import { defineResource, ip, type Act } from '../define.js';
import { DEFAULT_MTU, mtuWords } from '../host-device.js';
import { ownMac } from '../look.js';
import { isOn } from './device-flags.js';
import { devicesOf, readDevice, readOptions } from '../read-device.js';

interface DeviceState {
  readonly device: string;
  /** The device below it. */
  readonly lower?: string;
  /** The stack that it is in, where that is not the one of the device below. */
  readonly home?: Where;
  /** Left out where the kernel gives it one: that of the device below, or none at all. */
  readonly mac?: string;
  /** Left out where the kernel gives it one. */
  readonly mtu?: number;
  /** `allmulticast`, `promisc`: those that are on. */
  readonly flags?: readonly string[];
  /** As ip-link(8) has it after `type`. */
  readonly kind: string;
  /** What is set of that, in the words of ip-link(8); a value may be several. */
  readonly options: Readonly<Record<string, string>>;
  /** The options that the kernel changes of a device that is there. */
  readonly later?: readonly string[];
}

/** Words that make a device in another stack; process 1 is in that of the machine. */
const homeWords = (home: Where | undefined): readonly string[] =>
  home ? ['netns', home.netns ?? '1'] : [];

const optionWords = (options: DeviceState['options']): readonly string[] =>
  Object.entries(options).flatMap((words) => words.join(' ').trim().split(' '));

const flagWords = (flags: readonly string[], to: 'on' | 'off'): readonly string[] =>
  flags.flatMap((flag) => [flag, to]);

/** Options that are said when it is made, and those that the kernel changes later. */
function sorted(options: DeviceState['options'], later: readonly string[] = []) {
  const pick = (isLater: boolean) =>
    Object.fromEntries(
      Object.entries(options).filter(([option]) => later.includes(option) === isLater),
    );
  return { fixed: pick(false), changeable: pick(true) };
}

/** A network device inside a node, of whatever kind: ip-link(8). */
export const device = defineResource<DeviceState>({
  type: 'device',
  noun: 'network device',
  lingers: true,
  stage: () => 'inside',
  make: ({ device: name, lower, home, mac, mtu, flags = [], kind, options }) => [
    ip(
      ...['link', 'add', ...(lower === undefined ? [] : ['link', lower]), 'name', name],
      ...[...homeWords(home), ...(mac === undefined ? [] : ['address', mac])],
      ...[...mtuWords(mtu), ...flagWords(flags, 'on'), 'type', kind, ...optionWords(options)],
    ),
  ],
  remove: ({ device: name, home }, { where }) => [
    { ...ip('link', 'del', 'dev', name), where: home ?? where },
  ],
  change(old, wanted, { where }) {
    const { device: name, lower, home, mac, mtu, flags = [], kind } = wanted;
    const [before, after] = [old, wanted].map((one) => sorted(one.options, wanted.later));
    const made = { lower, home, kind, options: after?.fixed };
    if (!sameData({ ...old, ...made }, { ...old, options: before?.fixed }))
      return 'that is said when it is made';
    if (old.mac !== mac && mac === undefined) return 'the kernel gives it its MAC when it is made';
    const set = (...words: readonly string[]): Act => ({
      ...ip('link', 'set', 'dev', name, ...words),
      where: home ?? where,
    });
    const off = old.flags?.filter((flag) => !flags.includes(flag)) ?? [];
    const on = flags.filter((flag) => old.flags?.includes(flag) !== true);
    const turned = [...flagWords(off, 'off'), ...flagWords(on, 'on')];
    return [
      ...(turned.length === 0 ? [] : [set(...turned)]),
      ...(old.mac === mac ? [] : [set('address', mac ?? '')]),
      ...(old.mtu === mtu ? [] : [set('mtu', String(mtu ?? DEFAULT_MTU))]),
      ...(!after || sameData(before?.changeable, after.changeable)
        ? []
        : [set('type', kind, ...optionWords(after.changeable))]),
    ];
  },
  questions: ({ home }, where) => devicesOf(home ?? where),
  read: (wanted, look, { where }) =>
    readDevice(look, wanted.home ?? where, wanted.device, wanted, (row) => ({
      ...wanted,
      // What the kernel has chosen follows the device below.
      ...(wanted.mac !== undefined && { mac: ownMac(row) }),
      ...(wanted.mtu !== undefined && { mtu: row.mtu }),
      ...(wanted.flags && { flags: wanted.flags.filter((flag) => isOn(row.flags, flag)) }),
      kind: row.linkinfo?.info_kind ?? wanted.kind,
      options: readOptions(wanted.options, row.linkinfo?.info_data),
    })),
});
