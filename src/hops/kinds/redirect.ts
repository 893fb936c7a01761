import { drop } from '../outcome.js';
import { through } from '../onward.js';
import { PASS, type HopKind } from '../types.js';

/** A tc filter that redirects what one device receives to the egress of another: net/sched/act_mirred.c. */
export const redirect: HopKind = {
  kind: 'redirect',
  doc: 'A tc filter that sends out by one device every frame that another receives. Captures at both see the frame; between them there is nothing to look at.',
  drops: ['everything while the device to which it leads is down'],
  next: through,
  observable: () => false,
  forward: ({ to }) =>
    to?.settings.down === true
      ? drop(
          `${to.label} is down, and a redirect to it drops the frame.`,
          'Bring it up: take the end out of `down` on the link.',
          'Linux net/sched/act_mirred.c: tcf_mirred_to_dev, "device is down"',
        )
      : PASS,
};
