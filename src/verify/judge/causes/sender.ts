import { deviceOf, type CauseKind } from './define.js';

/** The device that sends has another MAC than it was given: its frames are not those that were expected. */
export const sender: CauseKind = {
  name: 'sender',
  doc: 'Nothing was seen of a frame, and the device that sends it has another MAC than the file gives it.',
  find(scene) {
    const { leg, lastSeen } = scene;
    const { src } = leg.frame;
    const at = leg.from;
    const device = deviceOf(scene, at);
    if (lastSeen >= 0 || src === '' || !device || device.address === src) return undefined;
    return {
      at,
      reason: `${at.label} has the MAC ${device.address}, not ${src}: what it sends is not what was expected of it.`,
      remedy: `Give it its own again: \`ip link set dev ${at.device} address ${src}\`.`,
      source: 'ip-link(8); RFC 826; IEEE 802.1AB-2016 8.5.2',
    };
  },
};
