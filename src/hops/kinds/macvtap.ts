import { openness } from '../device.js';
import { carrierBelow } from '../limits.js';
import { claims, permitsOf, takes, type MacvlanSettings } from '../macvlan.js';
import { fromLower } from '../macvlan-siblings.js';
import { includes } from '../onward.js';
import type { Frame } from '../../frames/frame.js';
import { defineHop, PASS, type Hop } from '../types.js';

/**
 * With trustGuestRxFilters libvirt copies the filter of the guest's NIC to the macvtap: groups, promiscuous and
 * allmulticast (libvirt src/qemu/qemu_driver.c, processNicRxFilterChangedEvent).
 */
function trusted(device: Hop<MacvlanSettings>, nic: Hop | undefined): Hop<MacvlanSettings> {
  if (device.settings.trustGuestRxFilters !== true || !nic) return device;
  const { promisc, allmulticast } = nic.settings;
  const wide = promisc === true || allmulticast === true;
  return wide ? { ...device, settings: { ...device.settings, allmulticast: true } } : device;
}

const joins = (device: Hop<MacvlanSettings>, frame: Frame): boolean =>
  device.settings.trustGuestRxFilters === true && frame.joined === true;

/** A macvtap on a lower device: drivers/net/macvlan.c, drivers/net/tap.c. */
export const macvtap = defineHop<MacvlanSettings>({
  kind: 'macvtap',
  doc: 'A macvtap: lets everything out, and in only what is for its own MAC (in mode passthru for any), broadcast, and groups that it was told to take.',
  drops: [
    'what it sends in mode vepa, private or source to another one on the same lower device, unless the neighbour reflects it (hairpin)',
    'inwards unicast for another MAC, in every mode but passthru; promiscuous mode does not change it',
    'inwards groups, in every mode, unless `allmulticast`, `promisc`, or with `trustGuestRxFilters` those that the guest has joined. By chance about one device in a hundred lets a class through: the filter is a hash that is salted per device',
    'inwards PAUSE, always',
  ],
  permits: permitsOf,
  claims,
  family: 'macvlan',
  fromLower,
  carrier: carrierBelow,
  observable: () => true,
  forward: ({ hop, place, from, to }, frame) =>
    from && includes(place.lowers, from) ? takes(trusted(hop, to), frame, joins(hop, frame)) : PASS,
  actual: (_, device) => openness(device),
});
