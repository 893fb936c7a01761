import { observableOn } from '../../hops/predict.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { FrameStore } from './frame-store.js';

/** What the captures saw, and where nothing can be seen. */
interface Sights {
  readonly frames: FrameStore;
  /** Why hops are not captured, by id. */
  readonly failures: ReadonlyMap<string, string>;
  /** Why hops are gone, by id: no frame can be there. */
  readonly gone: ReadonlyMap<string, string>;
}

/** Which hop saw which leg, as far as captures have been read. */
export function look(
  { legs }: PreparedCheck,
  context: Sights,
): readonly (readonly (boolean | undefined)[])[] {
  const { frames, failures } = context;
  return legs.map((leg) => {
    const observable = observableOn(leg.path);
    return leg.path.map((hop, index) => {
      if (context.gone.has(hop.id)) return false;
      if (observable[index] !== true) return undefined;
      // What a capture saw before it ended holds; what it did not see does not.
      if (frames.since(hop.id).some((frame) => leg.matches(frame))) return true;
      return failures.has(hop.id) ? undefined : false;
    });
  });
}
