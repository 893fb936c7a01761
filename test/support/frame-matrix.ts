import type { Model } from '../../src/hops/emit.js';
import { carried } from '../../src/frames/carried.js';
import { decodeFrame } from '../../src/frames/decode.js';
import { findWay } from '../../src/hops/find-way.js';
import { NO_MAC } from '../../src/frames/mac.js';
import { hopId, replaceHops } from '../../src/hops/graph.js';
import { rulesOf } from '../../src/hops/kinds/index.js';
import { observableOn, predict } from '../../src/hops/predict.js';
import type { Prediction } from '../../src/hops/prediction.js';
import type { Frame } from '../../src/frames/frame.js';
import type { Hop } from '../../src/hops/types.js';
import type { PlanFacts } from '../../src/links/define.js';
import { wire } from '../../src/plan/wire.js';
import type { Lab } from '../../src/topology/lab.js';
import { parseTopology } from '../../src/topology/parse.js';
import { parseYaml } from '../../src/topology/source.js';
import { capture, sendAll } from './frame-capture.js';
import { testFrames, type TestFrame } from './frames.js';

/** Frames of every class over the cables of a lab that is up, held against what the model says of each. */

const FACTS: PlanFacts = { accelerator: 'tcg', ovsDatapath: 'netdev', guests: {} };

/** Digits of the header of Ethernet, which a device without it is not given. */
const HEADER = 28;

/** One frame in one direction between two ports. */
export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly frame: TestFrame;
  readonly model: Model;
  readonly path: readonly Hop[];
  /** The frame as it is at each hop. */
  readonly frames: readonly Frame[];
  readonly prediction: Prediction;
  /** For each hop; `undefined` where no capture can see. */
  readonly seen: readonly (boolean | undefined)[];
  /** What was captured of all frames at each hop, as hexadecimal. */
  readonly sights: readonly (readonly string[])[];
}

/** What a capture says against the model; nothing when they agree. */
export function contradiction(cell: Cell): string[] {
  const { from, to, frame, path, prediction, seen } = cell;
  const wrong = (at: number, expected: boolean): boolean => seen[at] === !expected;
  const complaints = path.flatMap((hop, at) => {
    const said = says(cell, prediction, at);
    return said !== undefined && wrong(at, said)
      ? [`${hop.label} ${said ? 'missed it' : 'saw it'}`]
      : [];
  });
  if (complaints.length === 0) return [];
  const place = prediction.outcome === 'pass' ? '' : ` at ${path[prediction.at]?.label}`;
  return [
    `${frame.name} ${from} > ${to}: ${prediction.outcome}${place}, but ${complaints.join(', ')}`,
  ];
}

/** Must the hop at an index of the path see the frame? A hop that drops it may have seen it, unless it is the last. */
function says(
  { path, seen }: Pick<Cell, 'path' | 'seen'>,
  prediction: Prediction,
  at: number,
): boolean | undefined {
  const last = at === seen.length - 1;
  if (prediction.outcome === 'pass' || at < prediction.at) return true;
  if (prediction.outcome === 'drop') return at > prediction.at || last ? false : undefined;
  // A bond sees what it sends by another member: that shows at the member, as it does where nobody looks.
  const isBond = rulesOf(path[prediction.at]?.kind ?? '').bundle !== undefined;
  const isBlind = typeof seen[prediction.at] !== 'boolean';
  const place = isBond || isBlind ? prediction.at + 1 : prediction.at;
  if (at === prediction.at || at === place) return isBond && at < place ? true : undefined;
  // Past the place where chance decides: as it decided, if that can be seen.
  if (seen[place] !== false) return says({ path, seen }, prediction.rest, at);
  return isBond ? undefined : false;
}

/** The same captures, held against a model that believes something else of the hops. */
export const believing = (cells: readonly Cell[], believe: (hop: Hop) => Hop): readonly Cell[] =>
  cells.map((cell) => ({
    ...cell,
    prediction: predict(
      { ...cell.model, graph: replaceHops(cell.model.graph, cell.path.map(believe)) },
      cell.path.map(believe),
      cell.frame.spec,
    ),
  }));

/** Names of the frames that did not arrive, by direction. */
export const lostIn = (cells: readonly Cell[], from: string, to: string): readonly string[] =>
  cells
    .filter((cell) => cell.from === from && cell.to === to && cell.seen.at(-1) !== true)
    .map(({ frame }) => frame.name);

/** Names of the frames that arrived, by direction. */
export function arrivedIn(cells: readonly Cell[], from: string, to: string): readonly string[] {
  const lost = lostIn(cells, from, to);
  const all = cells.filter((cell) => cell.from === from && cell.to === to);
  return all.map(({ frame }) => frame.name).filter((name) => !lost.includes(name));
}

interface Options {
  /** Pairs of devices between which frames are sent both ways, such as `g/a:eth1`, besides the cables. */
  readonly pairs?: readonly (readonly [string, string])[];
  /** Payload sizes of frames besides the classes. */
  readonly sizes?: readonly number[];
  /** What the tests say of a frame that the model cannot know (the receiver joined a group). */
  readonly know?: (frame: TestFrame) => Frame;
}

/** Send a frame of each class over every cable of a lab, both ways, and look at every hop. The lab is up. */
export async function frameMatrix(text: string, options: Options = {}): Promise<readonly Cell[]> {
  const { sizes = [] } = options;
  const know = options.know ?? (({ spec }: TestFrame) => spec);
  const { lab } = parseTopology(parseYaml('lab.yaml', text));
  const { model } = wire(lab, FACTS);
  const pairs = [...cablesOf(lab), ...(options.pairs ?? [])];
  const drafts = directions(model, pairs).map(({ from, to }) => {
    const [first, last] = [from, to].map(({ hop }) => model.graph.place(hop).hop);
    const frames = testFrames(from.mac, to.mac, sizes).map((frame) => {
      const way = first && last && findWay(model, first, last, know(frame));
      if (!way) throw new RangeError(`no way leads from ${from.ref} to ${to.ref}`);
      return { from, frame, way };
    });
    return { from, to, frames };
  });
  const points = new Map(
    drafts
      .flatMap(({ frames }) => frames)
      .flatMap(({ way }) => {
        const { path } = way;
        const observable = observableOn(way);
        return path.flatMap((hop, at) => (observable[at] === true ? [[hop.id, hop] as const] : []));
      }),
  );
  const captured = await capture(
    [...points.values()].map((hop) => ({ hop, where: hop.where })),
    drafts.flatMap(({ frames }) => frames),
    async (sent) => {
      await sendAll(
        drafts.flatMap(({ from }) => {
          const frames = sent.filter((one) => one.from === from).map(({ frame }) => frame);
          const bare = from.isLayer3 === true;
          const all = inTurn(frames).map((hex) => (bare ? hex.slice(HEADER) : hex));
          return frames.length > 0 ? [{ ...from, frames: all, bare }] : [];
        }),
      );
    },
    (captured) =>
      drafts
        .flatMap(({ frames }) => frames)
        .filter(({ frame, way }) =>
          dueOn(way).some(
            ({ hop, as }) => captured.get(hop.id)?.some(isAt(hop, frame, as)) !== true,
          ),
        ),
  );
  return drafts.flatMap(({ from, to, frames }) =>
    frames.map(({ frame, way }): Cell => ({
      ...{ from: from.ref, to: to.ref, frame, model, ...way },
      seen: observableOn(way).map((isObservable, at) => {
        const hop = way.path[at];
        return isObservable && hop
          ? captured.get(hop.id)?.some(isAt(hop, frame, way.frames[at]))
          : undefined;
      }),
      sights: way.path.map(({ id }) => captured.get(id) ?? []),
    })),
  );
}

/** What was opened is looked at again and again. */
const OPENED = new Map<string, string>();

/** What is inside of what was captured at a hop, where it is sealed there. */
function openedAs(bytes: string, as: Frame | undefined): string {
  if (!as?.sealed) return bytes;
  const key = `${bytes} ${as.sealed.sci}`;
  const before = OPENED.get(key);
  if (before !== undefined) return before;
  const open = carried(decodeFrame(Uint8Array.from(Buffer.from(bytes, 'hex'))), as);
  const inside = open ? Buffer.from(open.bytes).toString('hex') : '';
  OPENED.set(key, inside);
  return inside;
}

/** Is it this frame that was captured at a hop? Octets that came there as a packet of another type, or of none, are not. */
const isAt =
  ({ settings }: Hop, { token, spec: { etherType = 0 } }: TestFrame, as: Frame | undefined) =>
  (bytes: string): boolean =>
    openedAs(bytes, as).includes(token) &&
    (settings.isLayer3 !== true ||
      Number.parseInt(bytes.slice(HEADER - 4, HEADER), 16) === etherType);

/** The hops of a way that must see its frame, of those that can be looked at. */
function dueOn(way: Pick<Cell, 'path' | 'frames' | 'prediction'>) {
  const { path, frames, prediction } = way;
  const observable = observableOn(way);
  return path
    .map((hop, at) => ({ hop, at, as: frames[at] }))
    .filter(
      ({ at }) => observable[at] === true && (prediction.outcome === 'pass' || at < prediction.at),
    );
}

/** The frames in the order of sending: last the one that passes almost everywhere, so that what was to come has come. */
function inTurn(frames: readonly TestFrame[]): readonly string[] {
  const last = ({ class: name }: TestFrame): boolean => name === 'unicast-own';
  return [...frames.filter((frame) => !last(frame)), ...frames.filter(last)].map(({ hex }) => hex);
}

/** The ports of every cable of a lab. */
const cablesOf = (lab: Lab): readonly (readonly [string, string])[] =>
  lab.links.flatMap(({ cables, ends }) =>
    cables.map(([a, b]) => [ends[a]?.port.ref ?? '', ends[b]?.port.ref ?? ''] as const),
  );

/** Pairs of devices, both ways. */
function directions({ graph }: Model, pairs: readonly (readonly [string, string])[]) {
  const end = (ref: string) => {
    const [stack = '', device = ''] = ref.split(':');
    const { hop } = graph.place(hopId(stack, device));
    const { mac = NO_MAC, isLayer3 } = hop.settings;
    return { ref, mac, isLayer3, device, where: hop.where, hop: hop.id };
  };
  return pairs.flatMap(([one, other]) => {
    const [a, b] = [end(one), end(other)];
    return [
      { from: a, to: b },
      { from: b, to: a },
    ];
  });
}
