import { rulesOf } from '../../../hops/kinds/index.js';
import type { Hop } from '../../../hops/types.js';
import { firstOf, type CauseKind, type Incident } from './define.js';

/** Of a panel that is gone its flows are, too: that is said of them. */
const hasFlows = ({ kind }: Hop): boolean => rulesOf(kind).hasFlowPerWay === true;

/** A device that was removed, or that never came back after its guest was started again. */
export const missing: CauseKind<Incident> = {
  name: 'missing',
  doc: 'A device on the way is gone.',
  find: (scene) =>
    firstOf(scene, (hop, device) => {
      const looked = scene.stackOf(hop);
      if (device || hop.settings.noDevice === true || hasFlows(hop)) return undefined;
      const reason = looked
        ? `${hop.label} is gone: there is no device \`${hop.device}\` any more.`
        : scene.gone.get(hop.id);
      if (reason === undefined) return undefined;
      return {
        reason,
        remedy: 'Build the lab anew: `patchlab down`, then `patchlab up`.',
        source: 'ip-link(8)',
      };
    }),
};
