import { isGroup } from '../frames/mac.js';
import type { SpokenClass } from '../frames/classes.js';
import { decodeFrame } from '../frames/decode.js';
import type { Frame } from '../frames/frame.js';
import type { Way } from '../hops/predict.js';
import { macAddress, tag } from '../plan/names.js';
import type { Check, Lab } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';
import type { Around, Endpoint, Leg, Probe, ProbeEnds } from './define.js';
import { ascii } from '../frames/templates/bytes.js';
import { buildFrame, type BuiltFrame, type FrameChanges } from '../frames/templates/build.js';
import { TOKEN_LENGTH, type FrameRecipe } from '../frames/templates/define.js';
import { singleEnd, wayOf } from './single.js';
import { trafgen } from './trafgen.js';

/** What the probes share that send one generated frame, by trafgen(8). */

/** Ethernet's own MTU, where nothing else is said. */
const DEFAULT_MTU = 1500;

/** The MTU of a device in octets, as far as the lab says. */
function mtuOf(lab: Lab, { stack, device, hop }: Endpoint): number {
  if (typeof hop.settings.mtu === 'number') return hop.settings.mtu;
  const ports = lab.nodes.flatMap((node) => node.ports);
  return ports.find(({ ref }) => ref === `${stack.id}:${device}`)?.mtu ?? DEFAULT_MTU;
}

/** Octets of the header of Ethernet: IEEE 802.3, 3.1.1. */
const HEADER = 14;

/**
 * A frame is known by the token in it, whatever its tag has become: a bridge that filters VLANs adds and takes tags. A
 * packet that no header of Ethernet stands before has no address of that.
 */
const legOf = (
  what: Pick<Leg, 'name' | 'class' | 'from' | 'to'>,
  way: Way,
  spec: Frame,
  token: string,
): Leg => ({
  ...what,
  frame: spec,
  isMadeUp: true,
  matches: ({ bytes, dst, etherType }) =>
    (what.from.settings.isLayer3 ? etherType === spec.etherType : dst === spec.dst) &&
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(token, 0, 'latin1'),
  ...way,
});

/** What is sent. */
interface Generated {
  /** Of the probe. */
  readonly kind: string;
  readonly class: SpokenClass;
  readonly variant: string;
  readonly recipe: FrameRecipe;
  readonly changes?: FrameChanges;
  /** MAC that it comes from; that of the device when left out. */
  readonly src?: string;
  /** What tells it apart from others between the same ends. */
  readonly key: readonly unknown[];
}

/** Make a probe ready that sends one generated frame. */
export function prepareGenerated(
  { kind, class: frameClass, variant, recipe, changes = {}, key, ...given }: Generated,
  check: Check,
  ends: ProbeEnds,
  { lab, model }: Pick<Around, 'lab' | 'model'>,
): Probe | readonly Problem[] {
  const from = singleEnd(ends, 'from', 'A frame leaves by');
  const to = singleEnd(ends, 'to', 'A frame is for');
  if (!('hop' in from)) return [from];
  if (!('hop' in to)) return [to];
  const [first, ...rest] = key;
  const place = [lab.name, first, from.hop.id, to.hop.id, ...rest];
  const token = tag(TOKEN_LENGTH, kind, ...place.map(String));
  const built: BuiltFrame = buildFrame(
    recipe,
    {
      src: given.src ?? from.mac,
      own: to.mac,
      foreign: macAddress(lab.name, to.hop.id, 'foreign'),
      token: ascii(token),
      mtu: mtuOf(lab, from),
    },
    changes,
  );
  const { dst, payload } = built;
  const joined = recipe.joins && isGroup(dst);
  const { length, bytes, ...read } = decodeFrame(built.bytes);
  const spec: Frame = { ...read, payload, ...(joined && { joined }) };
  const way = wayOf(model, from, to, spec);
  if (!('prediction' in way)) return [way];
  return {
    kind,
    variant,
    check,
    from,
    to,
    courses: [
      [
        legOf(
          { name: recipe.title, class: frameClass, from: from.hop, to: to.hop },
          way,
          spec,
          token,
        ),
      ],
    ],
    send: {
      stack: from.stack,
      argv: from.hop.settings.isLayer3
        ? trafgen(from.device, built.bytes.subarray(HEADER), true)
        : trafgen(from.device, built.bytes),
      timeout: 10_000,
    },
    // Two checks that ask the same would take each other's frame for their own.
    uses: [`frame ${token}`],
    ...(joined &&
      to.hop.settings.isLayer3 !== true && {
        joins: [{ stack: to.stack, device: to.device, group: dst }],
      }),
  };
}
