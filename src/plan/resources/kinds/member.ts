import { defineResource, ip, type Act } from '../define.js';
import { devicesOf, readDevice } from '../read-device.js';

/** A device as a member of another one. */
export interface MemberState {
  readonly device: string;
  readonly master: string;
  /** The kernel takes it only while it is down, and brings it up itself. */
  readonly joinsDown?: true;
  /** Address of its master, which a bond forgets with its last member (drivers/net/bonding/bond_main.c, __bond_release_one). */
  readonly masterMac?: string;
  /** It is the one that its bond prefers. */
  readonly isPrimary?: true;
  /** It does not know its duplex until somebody says it, and LACP runs on full duplex alone. */
  readonly setsDuplex?: true;
}

const set = (device: string, ...args: readonly string[]): Act =>
  ip('link', 'set', 'dev', device, ...args);

const fullDuplex = (device: string): Act => ({
  do: { tool: 'exec', argv: ['ethtool', '-s', device, 'speed', '10000', 'duplex', 'full'] },
});

const prefer = (master: string, device: string): Act =>
  set(master, 'type', 'bond', 'primary', device);

/** What is made when a device, by the id of its hop, becomes a member of another one. */
export const membership = (hop: string): string => `membership of ${hop}`;

const NONE: readonly string[] = [];

/** What makes a device, by the id of its hop, a member of another one, of what is made. */
export const joiningOf = (hop: string, made: ReadonlySet<string>): readonly string[] =>
  made.size > 0 && made.has(membership(hop)) ? [membership(hop)] : NONE;

/** A member of a bond or VRF: ip-link(8) `master`. What its routes and addresses are in depends on it. */
export const member = defineResource<MemberState>({
  type: 'member',
  noun: 'member',
  stage: () => 'inside',
  make: ({ device, master, masterMac, joinsDown, isPrimary, setsDuplex }) =>
    [
      ...(masterMac === undefined ? [] : [set(master, 'address', masterMac)]),
      ...(setsDuplex ? [fullDuplex(device)] : []),
      ...(joinsDown ? [set(device, 'down')] : []),
      set(device, 'master', master),
      ...(isPrimary ? [prefer(master, device)] : []),
    ].map((act, index) => (index === 0 ? act : { ...act, name: String(index + 1) })),
  // A bond lets a member go down.
  remove: ({ device, joinsDown }) => [
    set(device, 'nomaster'),
    ...(joinsDown ? [set(device, 'up')] : []),
  ],
  change(old, { device, master, isPrimary, setsDuplex }) {
    if (old.master !== master) return 'a device leaves one before it joins another';
    if (old.isPrimary && !isPrimary) return 'nothing else says that it is no longer the primary';
    return [
      ...(setsDuplex && !old.setsDuplex ? [fullDuplex(device)] : []),
      ...(isPrimary && !old.isPrimary ? [prefer(master, device)] : []),
    ];
  },
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ master }) =>
      master === wanted.master ? wanted : undefined,
    ),
});
