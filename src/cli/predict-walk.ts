import { PatchlabError } from '../errors.js';
import type { FrameClass } from '../frames/classes.js';
import { isGroup } from '../frames/mac.js';
import type { Wiring } from '../plan/wire.js';
import type { Probe } from '../probes/define.js';
import { nearest } from '../probes/nearest.js';
import { prepareOne } from '../probes/prepare.js';
import { rivalsOf, walksOf } from '../probes/walks.js';
import type { ToldWalks } from '../report/terminal/walk.js';
import { probeKind } from '../topology/kinds.js';
import type { Lab } from '../topology/lab.js';
import { fixOf } from '../topology/problem.js';
import { UsageError } from './define.js';
import { checkOf } from './frame-options.js';

/** What `predict` is asked of one frame or one probe. */
export interface WalkArguments {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly frame?: FrameClass | undefined;
  readonly probe?: string | undefined;
  readonly vlan?: number | undefined;
  readonly payload?: number | undefined;
  readonly port?: number | undefined;
}

/** Does a probe go to a port? */
export const hasPort = ({ schema }: Pick<ReturnType<typeof probeKind>, 'schema'>): boolean =>
  'port' in schema.shape;

/** What is said of the frame alone. */
const OF_FRAME = ['frame', 'vlan', 'payload'] as const;

/** Is a walk asked for? @throws UsageError where what is asked for does not fit together */
export function demandWalk<A extends WalkArguments & { readonly all?: boolean | undefined }>(
  args: A,
): args is A & { readonly from: string } {
  const { all, from, to, probe } = args;
  const given = OF_FRAME.find((name) => args[name] !== undefined);
  const one = given ?? (probe === undefined ? undefined : 'probe');
  if (given !== undefined && probe !== undefined)
    throw new UsageError(`--${given} is of a generated frame, and --probe makes its own frames.`);
  if (args.port !== undefined && !(probe !== undefined && hasPort(probeKind(probe))))
    throw new UsageError('--port is of a probe that goes to one: `--probe tcp` or `--probe udp`.');
  if (
    probe !== undefined &&
    args.port === undefined &&
    !probeKind(probe).schema.safeParse({ probe }).success
  )
    throw new UsageError(`\`--probe ${probe}\` needs --port, the port that it goes to.`);
  if (all === true && one !== undefined)
    throw new UsageError(`--${one} is of one frame, and --all asks for a table of all pairs.`);
  if (all === true || from === undefined) {
    if (all !== true && one !== undefined)
      throw new UsageError(`--${one} needs --from: the place where the frame starts.`);
    if (all !== true && to !== undefined)
      throw new UsageError(
        '--to needs --from, the place where the frame starts; `--all --to` is a table of all that leads there.',
      );
    return false;
  }
  if (from === to)
    throw new UsageError(`A frame from \`${from}\` to itself crosses no cable: name two places.`);
  return true;
}

/** What is sent: LLDP, unless something else is asked for. */
function sentBy({ frame, probe, vlan, payload, port }: WalkArguments) {
  const isFrame = [frame, vlan, payload].some((given) => given !== undefined);
  if (!isFrame) return { probe: probe ?? 'lldp', ...(port !== undefined && { port }) };
  return { probe: 'frame', class: frame ?? 'unicast-own', vlan, payload };
}

/** What is asked about, in words: of a generated frame its class. */
const nameOf = (args: WalkArguments, { kind, variant }: Probe): string =>
  args.probe === undefined
    ? (variant ?? kind)
    : [kind, ...(variant === undefined ? [] : [variant])].join(' ');

/**
 * Let the frames of one probe walk through a lab that is not there. Where no other end is named, the frame is one for all.
 * @throws PatchlabError where no such probe can run in the lab
 * @throws UsageError for a frame that has to be for somebody, without an end
 */
export function predictWalks(
  lab: Lab,
  { model }: Wiring,
  args: WalkArguments & { readonly from: string },
): ToldWalks {
  const { from: start, to: end } = args;
  const sent = sentBy(args);
  const isOpen = end === undefined;
  const isSpoken = probeKind(sent.probe).oneWay !== true;
  if (isOpen && isSpoken)
    throw new UsageError(
      `\`--probe ${sent.probe}\` is a conversation of two: name the other with --to.`,
    );
  const [from, to] = isOpen || isSpoken ? [start, end ?? start] : nearest(model.graph, start, end);
  const check = checkOf(sent, from, to);
  const prepared = prepareOne(lab, model, check);
  if (!('probe' in prepared)) {
    const isRouted = prepared.code === 'topology/no-path';
    const fix = isRouted ? 'A frame crosses no router: ask for `--probe icmp`.' : fixOf(prepared);
    throw new PatchlabError(prepared.code, { ...prepared, fix });
  }
  const { probe, legs } = prepared;
  const [leg] = legs;
  if (isOpen && leg && !isGroup(leg.frame.dst) && leg.frame.dst === leg.from.settings.mac)
    throw new UsageError(
      `A frame of class \`${leg.class}\` is for the MAC of one device: name it with --to.`,
    );
  const walks = walksOf(prepared, model);
  return {
    ...{ walks, isOpen, what: nameOf(args, probe) },
    unsent: legs.slice(walks.length).map(({ name }) => name),
    rivals: rivalsOf(prepared),
  };
}
