import { watch as watchFolder } from 'node:fs';
import { messageOf } from '../../errors.js';
import { ANY_FACTS } from '../../links/define.js';
import type { Hop } from '../../hops/types.js';
import { wire } from '../../plan/wire.js';
import { sameData } from '../../same-data.js';
import type { Impairment } from '../../topology/impairment.js';
import type { Lab } from '../../topology/lab.js';
import { impairmentsIn } from '../../topology/live.js';
import { isOnMachine } from '../../where.js';
import { libvirtUri } from '../libvirt.js';
import { readStored } from '../read-stored.js';
import { labFiles, type Stored } from '../state.js';
import {
  inside,
  keyOf,
  linksOf,
  readDevices,
  type Namespace,
  type WatchedDevice,
} from './devices.js';
import { readEventLine, readMonitorLine, type WatchedState } from './lines.js';
import type { NeighbourLine } from './lines.js';
import { startTeller, untilListening, type Teller } from './programs.js';

/** What becomes of a lab that is up, as the kernel, libvirt and patchlab's own files tell it: nothing is asked again and again. */

/** Something that has changed. */
export type WatchEvent =
  | ({ readonly event: 'device' } & Omit<WatchedDevice, 'counters'>)
  | ({ readonly event: 'neighbour'; readonly stack: string } & Omit<NeighbourLine, 'about'>)
  | { readonly event: 'guest'; readonly node: string; readonly what: string; readonly why: string }
  | { readonly event: 'cable'; readonly link: string; readonly state: 'cut' | 'plugged' }
  | { readonly event: 'impairment'; readonly port: string; readonly now: Impairment | undefined }
  | { readonly event: 'lab'; readonly state: 'gone' }
  | { readonly event: 'blind'; readonly where: string; readonly why: string };

/** A watch that has begun. */
export interface Watch {
  /** Every device that is watched, as it was at first. */
  readonly devices: readonly WatchedDevice[];
  /** Hops inside of guests: what becomes of them is not told. */
  readonly inGuests: readonly Hop[];
  /** Every device as it is now. */
  read(): Promise<readonly WatchedDevice[]>;
  close(): Promise<void>;
}

/**
 * Begin to watch a lab.
 * @param onEvent - called with each change from now on, in the order in which they are heard of
 */
export async function watchLab(
  { lab: built, plan }: Stored,
  onEvent: (event: WatchEvent) => void,
  signal: AbortSignal,
): Promise<Watch> {
  const wiring = wire(built, ANY_FACTS);
  const hops = [...wiring.graph.hops.values()].filter(({ settings }) => settings.noDevice !== true);
  const here = hops.filter(({ where }) => isOnMachine(where));
  const linkOf = linksOf(wiring, hops);
  const byKey = new Map(here.map((hop) => [keyOf(hop.where.netns, hop.device), hop]));
  const stackOf = new Map(here.map(({ where, stack }) => [where.netns, stack]));
  const states = new Map<string, WatchedState>();
  const tellers: Teller[] = [];
  let begun = false;
  const early: (() => void)[] = [];
  const inOrder = (act: () => void): void => {
    if (begun) act();
    else early.push(act);
  };

  const onDevice = (hop: Hop, state: WatchedState): void => {
    if (states.get(hop.id) === state) return;
    states.set(hop.id, state);
    const link = linkOf.get(hop.id);
    onEvent({ event: 'device', hop, link, state });
  };
  const onLine = (namespace: Namespace) => (line: string) => {
    const told = readMonitorLine(line);
    const hop = told && byKey.get(keyOf(namespace, told.device));
    if (!told || !hop) return;
    inOrder(() => {
      if (told.about === 'device') {
        onDevice(hop, told.state);
        return;
      }
      const { about: _, ...neighbour } = told;
      onEvent({ event: 'neighbour', stack: stackOf.get(namespace) ?? hop.stack, ...neighbour });
    });
  };
  const start = (where: string, argv: readonly string[], hear: (line: string) => void): Teller => {
    const teller = startTeller(argv, hear);
    let stopping = false;
    const blind = (why: string): void => {
      if (!stopping) onEvent({ event: 'blind', where, why });
    };
    void teller.ended.then(blind, (error: unknown) => blind(messageOf(error)));
    const kept = {
      ...teller,
      stop() {
        stopping = true;
        return teller.stop();
      },
    };
    tellers.push(kept);
    return kept;
  };
  const folder = watchFolder(labFiles(built.name).dir, () => void look());
  const close = async (): Promise<void> => {
    folder.close();
    await Promise.all(tellers.map((teller) => teller.stop()));
  };
  let lab: Lab = built;
  let looking: Promise<void> | undefined;
  /** The lab's own files tell of cables and impairments. */
  async function look(): Promise<void> {
    await looking;
    looking = readStored(built.name).then(
      (stored) => {
        if (!stored) onEvent({ event: 'lab', state: 'gone' });
        else
          inOrder(() => {
            for (const event of differences(lab, stored.lab)) onEvent(event);
            ({ lab } = stored);
          });
      },
      // It is being written; that it has been is heard of, too.
      () => undefined,
    );
    await looking;
  }

  try {
    const monitors = [...new Set(here.map(({ where }) => where.netns))].map((namespace) =>
      start(
        namespace ?? 'this machine',
        ['ip', ...inside(namespace), '-o', 'monitor', 'label', 'link', 'neigh'],
        onLine(namespace),
      ),
    );
    let libvirt: Teller | undefined;
    const nodes = new Map(plan.domains.map(({ node, name }) => [name, node]));
    // The name of the host tells that libvirt is reached; next it listens.
    const events = 'hostname; event --loop --all';
    if (nodes.size > 0)
      libvirt = start(
        'libvirt',
        ['stdbuf', '-oL', 'virsh', '-q', '-c', libvirtUri(), events],
        (line) => {
          const told = readEventLine(line);
          const node = told && nodes.get(told.domain);
          if (node !== undefined)
            onEvent({ event: 'guest', node, what: told?.what ?? '', why: told?.why ?? '' });
        },
      );
    await Promise.all(monitors.map((monitor) => untilListening(monitor, signal)));
    await libvirt?.speaks;
    const devices = await readDevices(byKey, linkOf);
    for (const { hop, state } of devices) states.set(hop.id, state);
    begun = true;
    for (const act of early) act();
    return {
      ...{ devices, close },
      inGuests: hops.filter(({ where }) => !isOnMachine(where)),
      read: () => readDevices(byKey, linkOf),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What has been done to cables and what their ends do to frames, by patchlab itself. */
function differences(before: Lab, now: Lab): readonly WatchEvent[] {
  const was = new Map(before.links.map(({ id, isCut }) => [id, isCut === true]));
  const cables = now.links
    .filter(({ id, isCut }) => (was.get(id) ?? false) !== (isCut === true))
    .map(({ id, isCut }): WatchEvent => {
      return { event: 'cable', link: id, state: isCut ? 'cut' : 'plugged' };
    });
  const [impaired, impairs] = [impairmentsIn(before), impairmentsIn(now)];
  const ports = [...new Set([...impaired.keys(), ...impairs.keys()])];
  const changed = ports.filter((port) => !sameData(impaired.get(port), impairs.get(port)));
  return [
    ...cables,
    ...changed.map((port): WatchEvent => ({ event: 'impairment', port, now: impairs.get(port) })),
  ];
}
