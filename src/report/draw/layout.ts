import elk, { type ElkNode, type ElkPort } from 'elkjs/lib/elk.bundled.js';
import type { Scene, SceneBox, SceneHop, SceneWire } from './scene.js';

/** Where everything of a drawing goes: ELK's layered algorithm, with ports on the boxes. */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Boxes and hops by id. */
  readonly places: ReadonlyMap<string, Rectangle>;
  /** In the order of the scene's wires. */
  readonly wires: readonly {
    readonly points: readonly { readonly x: number; readonly y: number }[];
    readonly label: Rectangle | undefined;
  }[];
}

const LAYOUT: Readonly<Record<string, string>> = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.layered.spacing.nodeNodeBetweenLayers': '26',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.spacing.nodeNode': '26',
  'elk.spacing.portPort': '16',
  'elk.spacing.edgeEdge': '14',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  // Equal files give equal drawings.
  'elk.randomSeed': '1',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
};

const PORT_HEIGHT = 24;
const HOP_HEIGHT = 40;
/** More of it where a frame died, for the words that say so. */
export const DEATH_HEIGHT = 26;

/** Pixels that a text takes at most in the fonts that browsers choose: there is nothing to measure with. */
const widthOf = (text: string, size: number): number => Math.ceil(text.length * size * 0.6);

/** Size of the text of names, and of the lines below them. */
export const TEXT = { title: 15, name: 13, detail: 11 } as const;

/** What is written where frames died. */
export const deathText = (deaths: SceneHop['deaths']): string =>
  `frame ${deaths.map(({ number }) => number).join(', ')} lost`;

const hopWidth = ({ name, detail, deaths }: SceneHop): number =>
  Math.max(
    54,
    20 + widthOf(name, TEXT.name),
    20 + widthOf(detail, TEXT.detail),
    deaths.length > 0 ? 40 + widthOf(deathText(deaths), TEXT.detail) : 0,
  );

const heightOf = ({ deaths }: SceneHop): number =>
  HOP_HEIGHT + (deaths.length > 0 ? DEATH_HEIGHT : 0);

const portOf = (hop: SceneHop): ElkPort => {
  const width = 18 + widthOf(hop.name, TEXT.name);
  return {
    id: hop.hop.id,
    width,
    height: PORT_HEIGHT,
    // Half of it inside.
    layoutOptions: { 'elk.port.borderOffset': String(-width / 2) },
  };
};

/** Where the lines of a box's head end. */
const headOf = ({ details }: SceneBox): number => 32 + 15 * details.length;

function nodeOf(box: SceneBox): ElkNode {
  const ports = box.hops.filter(({ port }) => port);
  const inner = box.hops.filter(({ port }) => !port);
  const side = 14 + Math.max(0, ...ports.map(({ name }) => 9 + widthOf(name, TEXT.name) / 2));
  const width =
    28 +
    Math.max(
      widthOf(box.title, TEXT.title) + (box.link ? 30 : 0),
      ...box.details.map((line) => widthOf(line, TEXT.detail)),
    );
  const top = headOf(box);
  return {
    id: box.id,
    children: [
      ...box.boxes.map(nodeOf),
      ...inner.map((hop) => ({ id: hop.hop.id, width: hopWidth(hop), height: heightOf(hop) })),
    ],
    ports: ports.map(portOf),
    layoutOptions: {
      'elk.padding': `[top=${top},left=${side},bottom=16,right=${side}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE PORTS',
      'elk.nodeSize.minimum': `(${width},${top + 12})`,
      // Of this box alone: as a plain option it would hold for what is inside.
      'elk.spacing.individual': `org.eclipse.elk.spacing.portsSurrounding:[top=${top},left=0,bottom=14,right=0]`,
    },
  };
}

/** Give everything its place. */
export async function layOut(scene: Scene): Promise<Layout> {
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: { ...LAYOUT, 'elk.padding': '[top=8,left=8,bottom=8,right=8]' },
    children: scene.boxes.map(nodeOf),
    edges: scene.wires.map((wire, index) => ({
      id: `wire ${index}`,
      sources: [wire.from],
      targets: [wire.to],
      labels: labelsOf(wire),
    })),
  };
  const root = await new elk.default().layout(graph);
  const places = new Map<string, Rectangle>();
  const collect = (node: ElkNode): void => {
    for (const one of [...(node.children ?? []), ...(node.ports ?? [])])
      places.set(one.id, place(one));
    node.children?.forEach(collect);
  };
  collect(root);
  const wires = (root.edges ?? []).map(({ sections = [], labels = [] }) => ({
    points: sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
      startPoint,
      ...bendPoints,
      endPoint,
    ]),
    label: labels[0] && place(labels[0]),
  }));
  return { width: root.width ?? 0, height: root.height ?? 0, places, wires };
}

const labelsOf = ({ label }: SceneWire) =>
  label === undefined ? [] : [{ text: label, width: 12 + widthOf(label, TEXT.detail), height: 18 }];

const place = ({ x = 0, y = 0, width = 0, height = 0 }: Partial<Rectangle>): Rectangle => ({
  x,
  y,
  width,
  height,
});
