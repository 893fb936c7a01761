import { checksumOf, type ChecksumState } from '../../frames/checksum.js';
import type { Cause } from '../../hops/types.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import { isAt } from './look.js';
import type { FrameStore } from './frame-store.js';

/** What captures tell of a frame beside where it was. */
export interface LegNote {
  /** Why it was not sent, as another frame says that was sent in its place. */
  readonly refusal: Cause | undefined;
  /** Its checksum as it came to the end of its way. */
  readonly checksum: ChecksumState | undefined;
}

/** A note for each frame of a check. */
export const notesOf = (
  { legs }: PreparedCheck,
  { since }: Pick<FrameStore, 'since'>,
): readonly LegNote[] =>
  legs.map((leg) => {
    const { path, refusal } = leg;
    const seen = refusal ? path.flatMap(({ id }) => since(id)) : [];
    const last = path.length - 1;
    const arrived = since(path[last]?.id ?? '').find((frame) => isAt(leg, last, frame));
    return {
      refusal: seen.map((frame) => refusal?.(frame)).find((cause) => cause !== undefined),
      checksum: arrived && checksumOf(arrived),
    };
  });
