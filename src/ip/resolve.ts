import {
  advertisement,
  arpReply,
  arpRequest,
  solicitation,
  type Speaker,
} from '../frames/values.js';
import type { Frame } from '../frames/frame.js';
import { findWay, learn } from '../hops/find-way.js';
import { deliveriesOf, walk } from '../hops/walk.js';
import type { Way } from '../hops/predict.js';
import { NOWHERE, type Sight, type Sights } from '../hops/sight.js';
import type { Cause, Hop } from '../hops/types.js';
import { familyOf, hostPrefix } from '../topology/address.js';
import { answerTo } from './resolution.js';
import type { IpStack } from './stack.js';
import { inwards, outwards } from './sights.js';
import {
  afterRouter,
  filteredBy,
  keyOf,
  refused,
  sentBy,
  takenByMaster,
  untaken,
  type Talk,
} from './talk.js';

/** The device in the lab that has an address and that a device could reach, whatever its stack does with questions. */
export function ownerOf({ model, stacks }: Talk, device: Hop, ip: string): Hop | undefined {
  for (const { addresses, devices } of stacks.values()) {
    const address = addresses.find((one) => one.ip === ip);
    const owner = address && devices.find((hop) => hop.device === address.device);
    if (owner && model.graph.isJoined(device.id, owner.id)) return owner;
  }
  return undefined;
}

/** Why nobody answers: nobody is there, or the route leads to another segment than the one where the owner is. */
function nobody({ model, stacks }: Talk, { stack, device, target, route }: Question): Cause {
  const source =
    'RFC 826; RFC 4861 7.2; Linux net/ipv4/fib_trie.c: the longest prefix decides, then what was there first';
  const leads = route === undefined ? '' : `, where its route leads (${route()})`;
  const owner = [...stacks.values()]
    .flatMap(({ addresses, devices }) =>
      addresses.flatMap(({ ip, device: name }) =>
        ip === target ? devices.filter((hop) => hop.device === name) : [],
      ),
    )
    .at(0);
  const better = owner && stack.devices.find((hop) => model.graph.isJoined(hop.id, owner.id));
  const reason = `${stack.stack.id} asks for ${target} at ${device.label}${leads}: nobody on that segment has it or answers for it.`;
  if (!owner || !better || better.id === device.id)
    return {
      reason,
      remedy: `Give ${target} to a device on that segment, or write a route by a next hop that is there.`,
      source,
    };
  return {
    reason: `${reason} ${owner.label}, which has it, is on the segment of ${better.label}.`,
    remedy: `Give ${stack.stack.id} a more specific route (\`{ to: ${hostPrefix(target)}, dev: ${better.device} }\`), a rule, or a VRF for ${better.label}.`,
    source,
  };
}

/** Who asks, where, for what. */
export interface Question {
  readonly stack: IpStack;
  readonly device: Hop;
  /** Address that the asker gives as its own. */
  readonly sender: string;
  readonly target: string;
  /** The route that leads there, in words. */
  readonly route?: () => string;
  /** It asks for a packet of somebody else's. */
  readonly isRouted: boolean;
  /** Where packet filters see the packet for whose sake it asks; none where a program asks that writes to the device itself. */
  readonly wanted?: Sights;
}

/** A neighbour who has answered, and where packet filters of the asker see the answer. */
export interface Answerer {
  readonly device: Hop;
  readonly heard: Sights;
  /** Why the answer teaches the asker nothing, though it comes to its device. */
  readonly deaf?: Cause;
}

/** The words of a family: RFC 826, RFC 4861. */
const LANGUAGES = {
  4: {
    names: ['ARP request', 'ARP reply'],
    classes: ['arp-request', 'arp-reply'],
    ask: arpRequest,
    answer: arpReply,
  },
  6: {
    names: ['neighbor solicitation', 'neighbor advertisement'],
    classes: ['nd-solicitation', 'nd-advertisement'],
    ask: solicitation,
    answer: advertisement,
  },
} as const;

/** A device that answers, and the way by which the question comes to it. */
interface Answering {
  readonly at: Hop;
  readonly way: Way;
}

/** Where packet filters of a stack see what has come to one of its devices for it. */
function heardBy({ hop }: IpStack, device: Hop, { frames }: Way): readonly Sight[] {
  const frame = frames.at(-1);
  return frame ? inwards(hop, { frame, device }) : [];
}

/** All devices on a segment whose stacks answer a question, the nearest first. */
function answering(
  talk: Talk,
  { stack, device, sender, target }: Question,
  frame: Frame,
): readonly Answering[] {
  return deliveriesOf(walk(talk.model, device, frame)).flatMap(({ device: at, way }) => {
    const asked = talk.stacks.get(at.stack);
    if (!asked || at.stack === stack.stack.id || untaken(talk.model, way, at)) return [];
    if (filteredBy(talk, () => heardBy(asked, at, way)).action === 'drop') return [];
    const { kind } = answerTo(asked, at, { sender, target });
    return kind === 'own' || kind === 'proxy' ? [{ at, way }] : [];
  });
}

/**
 * Ask a segment for an address, unless it is known already; the question teaches who is asked, too.
 * @returns nothing where nobody on the segment has the address or answers for it
 */
export function resolve(talk: Talk, question: Question): Answerer | undefined {
  const { neighbours, model, stacks, spoken } = talk;
  const { stack, device, sender, target, isRouted, wanted } = question;
  const known = neighbours.get(keyOf(stack, device, target));
  if (known) return { device: known, heard: NOWHERE };
  const { names, classes, ask, answer } = LANGUAGES[familyOf(target)];
  const asker: Speaker = { mac: device.settings.mac ?? '', ip: sender };
  const frame = ask(asker, target);
  const answers = answering(talk, question, frame);
  const first = answers[answers.length > 1 ? talk.choose(answers.length) : 0];
  const owner = first?.at ?? ownerOf(talk, device, target);
  const way = first?.way ?? (owner && findWay(model, device, owner, frame));
  const sights = wanted ? () => [...wanted(), ...outwards(stack.hop, { frame, device })] : NOWHERE;
  const leave = filteredBy(talk, sights);
  spoken.push({
    name: nameFor(names[0], talk, question),
    ...{ what: 'request', class: classes[0] },
    from: device,
    to: (way && owner) ?? talk.end,
    frame,
    way: sentBy(stack, frame, way ?? unheard(talk, question, frame), leave, isRouted),
    sights,
  });
  if (!owner || !way) return undefined;
  learn(model, way);
  if (leave.action === 'drop') return undefined;
  const asked = stacks.get(owner.stack);
  const said = answer({ mac: owner.settings.mac ?? '', ip: target }, asker);
  const back = findWay(model, owner, device, said);
  if (!asked || !back) return undefined;
  learn(model, back);
  const silence = first
    ? undefined
    : (untaken(model, way, owner) ?? silenceOf(asked, owner, question));
  const seen = () => [
    ...heardBy(asked, owner, way),
    ...outwards(asked.hop, { frame: said, device: owner }),
  ];
  const result = silence ? refused(silence) : filteredBy(talk, seen);
  spoken.push({
    name: nameFor(names[1], talk, question),
    ...{ what: 'reply', class: classes[1] },
    from: owner,
    to: device,
    frame: said,
    way: sentBy(asked, said, back, result),
    sights: seen,
  });
  const deaf = takenByMaster(model, back, device);
  if (!deaf) neighbours.set(keyOf(stack, device, target), owner);
  neighbours.set(keyOf(asked, owner, sender), device);
  return { device: owner, heard: () => heardBy(stack, device, back), ...(deaf && { deaf }) };
}

/** What a question is called: whose it is, unless it is the first one's. */
const nameFor = (name: string, { origin }: Talk, { stack, isRouted }: Question): string =>
  isRouted || stack === origin
    ? afterRouter(name, stack, isRouted)
    : `${name} of ${stack.stack.id}`;

/** A question that all hear and nobody answers. */
function unheard(talk: Talk, question: Question, frame: Frame): Way {
  const { model, end } = talk;
  const { device } = question;
  const way = findWay(model, device, end, frame) ?? { path: [device, end], frames: [frame, frame] };
  return { ...way, prediction: { outcome: 'drop', at: 0, ...nobody(talk, question) } };
}

function silenceOf(stack: IpStack, device: Hop, question: Question): Cause | undefined {
  const answer = answerTo(stack, device, question);
  return answer.kind === 'silent' ? answer : undefined;
}
