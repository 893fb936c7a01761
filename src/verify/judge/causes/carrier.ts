import { rulesOf } from '../../../hops/kinds/index.js';
import type { Hop } from '../../../hops/types.js';
import {
  deviceOf,
  firstOf,
  suspectsIn,
  type CauseKind,
  type Explanation,
  type Incident,
} from './define.js';

/** The device of an Open vSwitch bridge is always down, and does no harm. */
const isDown = (scene: Incident, hop: Hop | undefined): hop is Hop =>
  hop !== undefined &&
  rulesOf(hop.kind).isOpenFlow !== true &&
  deviceOf(scene, hop)?.flags.includes('UP') === false;

const down = (at: Hop): Explanation => ({
  at,
  reason: `${at.label} is down: it neither sends nor receives, and what it is plugged into has no carrier.`,
  remedy: `Bring it up: \`ip link set dev ${at.device} up\`.`,
  source: 'netdevice(7) IFF_UP; ip-link(8)',
});

const withoutCarrier = (hop: Hop): Omit<Explanation, 'at'> => ({
  reason: `${hop.label} has no carrier: its other end is down, gone, or unplugged.`,
  remedy: 'Bring the other end up, or plug it in again (`virsh domif-setlink`).',
  source: 'netdevice(7) IFF_LOWER_UP; Linux net/core/link_watch.c',
});

/** What has no carrier misses the frame; the one that took it comes next. */
function beyondCarrier(scene: Incident): Hop | undefined {
  const { path, firstMissed } = scene;
  const missed = path[firstMissed];
  const device = missed && deviceOf(scene, missed);
  return device?.flags.includes('LOWER_UP') === false ? path[firstMissed + 1] : undefined;
}

/** Down, or without carrier because the device that it is joined to is down. */
export const carrier: CauseKind<Incident> = {
  name: 'carrier',
  doc: 'A device on the way is down, or has no carrier because its other end is.',
  find(scene) {
    const culprit = [...suspectsIn(scene), beyondCarrier(scene)].find((hop) => isDown(scene, hop));
    if (culprit) return down(culprit);
    return firstOf(scene, (hop, device) =>
      device && rulesOf(hop.kind).isOpenFlow !== true && !device.flags.includes('LOWER_UP')
        ? withoutCarrier(hop)
        : undefined,
    );
  },
};
