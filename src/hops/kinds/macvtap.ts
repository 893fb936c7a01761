import { openness } from '../device.js';
import { takes } from '../macvlan.js';
import { PASS, type FrameSpec, type Hop, type HopKind } from '../types.js';

/**
 * With trustGuestRxFilters libvirt copies the filter of the guest's card to the macvtap: groups, promiscuous and
 * allmulticast (libvirt src/qemu/qemu_driver.c, processNicRxFilterChangedEvent).
 */
function trusted(device: Hop, nic: Hop | undefined): Hop {
  if (device.settings.trustGuestRxFilters !== true || !nic) return device;
  const { promisc, allmulticast } = nic.settings;
  const wide = promisc === true || allmulticast === true;
  return wide ? { ...device, settings: { ...device.settings, allmulticast: true } } : device;
}

const joins = (device: Hop, frame: FrameSpec): boolean =>
  device.settings.trustGuestRxFilters === true && frame.joined === true;

/** A macvtap on a lower device: drivers/net/macvlan.c, drivers/net/tap.c. */
export const macvtap: HopKind = {
  kind: 'macvtap',
  doc: 'A macvtap: lets everything out, and in only what is for its own MAC (in mode passthru for any), broadcast, and groups that it was told to take.',
  drops: [
    'inwards unicast for another MAC, in every mode but passthru; promiscuous mode does not change it',
    'inwards groups, in every mode, unless `allmulticast`, `promisc`, or with `trustGuestRxFilters` those that the guest has joined. By chance about one device in a hundred lets a class through: the filter is a hash that is salted per device',
    'inwards PAUSE, always',
  ],
  observable: () => true,
  forward: ({ hop, from, to }, frame) =>
    from?.id === hop.settings.lower ? takes(trusted(hop, to), frame, joins(hop, frame)) : PASS,
  actual: (_, device) => openness(device),
};
