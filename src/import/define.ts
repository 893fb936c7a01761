import { isRecord } from '../is-record.js';

/** Topologies of other tools, read as one of patchlab's. Pure. */

/** Something of the file that the lab does not have. */
export interface LeftOut {
  /** Where it stands: `nodes.srl1.image`. */
  readonly at: string;
  readonly why: string;
}

/** A port, as the other file names it. */
interface ImportedPort {
  readonly node: string;
  readonly port: string;
}

/** A topology in the form of the file, and what is not in it. */
export interface Imported {
  readonly topology: {
    readonly name: string;
    readonly title?: string;
    readonly nodes: Readonly<Record<string, ImportedNode>>;
    readonly links: readonly ImportedLink[];
  };
  readonly left: readonly LeftOut[];
  /** Names that cannot be those of patchlab, and what they are now. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/** A node, with what the other file says of it that a namespace can have. */
export interface ImportedNode {
  readonly kind: 'netns';
  readonly ports?: Readonly<Record<string, { readonly mtu?: number; readonly mac?: string }>>;
  readonly addresses?: Readonly<Record<string, string | readonly string[]>>;
  readonly routes?: readonly ImportedRoute[];
  readonly sysctls?: Readonly<Record<string, number>>;
  readonly devices?: readonly Readonly<Record<string, unknown>>[];
}

/** A static route. */
export interface ImportedRoute {
  readonly to: string;
  readonly via?: string;
  readonly dev?: string;
}

/** A cable of two ends, or a segment of any number. */
export interface ImportedLink {
  readonly kind: 'veth' | 'bridge';
  readonly name?: string;
  readonly ends: readonly string[];
}

/** What a file has by names; nothing where it has something else there. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : {};

/** A format that can be imported. */
export interface ImportFormat {
  readonly format: string;
  readonly title: string;
  /** Is it of this format? */
  readonly isOne: (value: Readonly<Record<string, unknown>>) => boolean;
  readonly read: (value: Readonly<Record<string, unknown>>, name: string) => Imported;
}

const NODE_MAX = 31;
const PORT_MAX = 15;

/** Names of nodes and ports as patchlab has them, each once, and which of them are others than the file's. */
export function createNaming() {
  const renamed = new Map<string, string>();
  const nodes = new Map<string, string>();
  const ports = new Map<string, string>();
  const once = (wanted: string, longest: number, taken: ReadonlySet<string>): string => {
    let name = wanted.slice(0, longest);
    for (let at = 2; taken.has(name); at += 1)
      name = `${wanted.slice(0, longest - String(at).length)}${at}`;
    return name;
  };
  const node = (from: string): string => {
    const known = nodes.get(from);
    if (known !== undefined) return known;
    const plain = from.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-');
    const wanted = /^[a-z]/.test(plain) ? plain : `n${plain}`;
    const to = once(wanted, NODE_MAX, new Set(nodes.values()));
    nodes.set(from, to);
    if (to !== from) renamed.set(from, to);
    return to;
  };
  const port = ({ node: of, port: from }: ImportedPort): string => {
    const key = `${node(of)}:${from}`;
    const known = ports.get(key);
    if (known !== undefined) return known;
    const taken = new Set(
      [...ports].flatMap(([one, to]) => (one.startsWith(`${node(of)}:`) ? [to] : [])),
    );
    const to = once(portName(from), PORT_MAX, taken);
    ports.set(key, to);
    if (to !== from) renamed.set(`${of}:${from}`, `${node(of)}:${to}`);
    return to;
  };
  return {
    node,
    port,
    end: (place: ImportedPort): string => `${node(place.node)}:${port(place)}`,
    renamed: () => Array.from(renamed, ([from, to]) => ({ from, to })),
  };
}

/** `ethernet-1/1` becomes `e1-1`; of `GigabitEthernet0/0/0` only as much of the letters as there is room for. */
function portName(from: string): string {
  const plain = from
    .replace(/^ethernet-(?=\d)/i, 'e')
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^(?=[^A-Za-z_])/, 'p');
  const [, letters = '', rest = ''] = /^([A-Za-z]*)(.*)$/.exec(plain) ?? [];
  return plain.length <= PORT_MAX ? plain : `${letters.slice(0, 2)}${rest}`;
}

/** The name of a lab, of whatever text. */
export function labName(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, NODE_MAX);
  return plain === '' ? 'imported' : plain;
}
