import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { layOut, type Layout, type Rectangle } from '../../../src/report/draw/layout.js';
import { sceneOf, type Scene, type SceneBox } from '../../../src/report/draw/scene.js';
import { drawSvg } from '../../../src/report/draw/svg.js';
import { shippedLabs } from '../../../src/topology/load-labs.js';
import { HOSTILE, hostile, labOf, mixed, realReport } from './reports.js';

const topologies = shippedLabs().flatMap(({ name, file }) =>
  file.endsWith('.yaml') ? [name] : [],
);

const boxesOf = (boxes: readonly SceneBox[]): readonly SceneBox[] =>
  boxes.flatMap((box) => [box, ...boxesOf(box.boxes)]);

const apart = (a: Rectangle, b: Rectangle): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

const inside = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** The place of something that must have one. */
function at({ places }: Layout, id: string): Rectangle {
  const place = places.get(id);
  if (!place) throw new Error(`${id} has no place`);
  return place;
}

async function drawn(name: string): Promise<{ scene: Scene; layout: Layout }> {
  const scene = sceneOf({ ...labOf(name), cases: [] });
  return { scene, layout: await layOut(scene) };
}

describe('the drawing of a lab', () => {
  it.each(topologies)('gives everything a place of its own: %s', async (name) => {
    const { scene, layout } = await drawn(name);
    const whole = { x: 0, y: 0, width: layout.width, height: layout.height };
    for (const box of boxesOf(scene.boxes)) {
      const place = at(layout, box.id);
      expect(inside(place, whole)).toBe(true);
      const things = [
        ...box.boxes.map(({ id }) => id),
        ...box.hops.filter(({ port }) => !port).map(({ hop }) => hop.id),
      ].map((id) => at(layout, id));
      for (const thing of things) {
        expect(inside(thing, place)).toBe(true);
        for (const other of things) expect(thing === other || apart(thing, other)).toBe(true);
      }
      // A port is half inside, at the left or the right.
      for (const { hop, port } of box.hops) {
        if (!port) continue;
        const { x, width } = at(layout, hop.id);
        const edges = [place.x, place.x + place.width];
        expect(edges.some((edge) => Math.abs(x + width / 2 - edge) < 1)).toBe(true);
      }
    }
    const top = scene.boxes.map(({ id }) => at(layout, id));
    for (const box of top)
      for (const other of top) expect(box === other || apart(box, other)).toBe(true);
    expect(layout.wires.every(({ points }) => points.length >= 2)).toBe(true);
  });

  it.each(topologies)('shows every device and every wire of the hop graph: %s', async (name) => {
    const { graph } = labOf(name);
    const { scene } = await drawn(name);
    const hops = boxesOf(scene.boxes).flatMap((box) => box.hops.map(({ hop }) => hop.id));
    // An end of a tunnel is no device: the tunnel is a wire between its two devices.
    const isEnd = (id: string): boolean => id.includes(' > ');
    const deviceAt = (id: string): string => id.replace(/ > .*/, '');
    expect(hops.toSorted()).toEqual([...graph.hops.keys()].filter((id) => !isEnd(id)).sort());
    const wires = graph.edges.flatMap(({ a, b }) =>
      isEnd(a) === isEnd(b) ? [[a, b].map(deviceAt).sort().join()] : [],
    );
    expect(scene.wires).toHaveLength(new Set(wires).size);
  });

  it('leads from the first container to the last, left to right', async () => {
    const { layout } = await drawn('macvtap-arp-relay');
    const { lab, model } = labOf('macvtap-arp-relay');
    const { checks } = prepareChecks(lab, model);
    const lefts = checks[2]?.legs[0]?.path.map(({ id }) => at(layout, id).x) ?? [];
    expect(lefts).toHaveLength(12);
    expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
  });

  it('is the same for the same lab', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => drawSvg(realReport('bridge-eats-lldp'))));
    expect(one?.text).toBe(two?.text);
  });

  it('has each cable in the state of its verdicts', async () => {
    const stateOf = (scene: Scene, link: string): string | undefined =>
      scene.boxes.find(({ title }) => title === link)?.state;
    expect(stateOf(sceneOf(realReport('macvtap-arp-relay')), 'sw1:eth1-sw2:eth1')).toBe('pass');
    expect(stateOf(sceneOf(realReport('macvtap-arp-relay-fails')), 'sw1:eth1-sw2:eth1')).toBe(
      'fail',
    );
    expect(stateOf(sceneOf(mixed()), 'sw1:eth1-sw2:eth1')).toBe('warn');
    const bridges = sceneOf(
      realReport('bridge-eats-lldp', (result) => ({
        ...result,
        verdicts: result.verdicts.map((verdict, index) =>
          index === 0 ? { ...verdict, outcome: 'fail' as const } : verdict,
        ),
      })),
    );
    expect([stateOf(bridges, 'plain'), stateOf(bridges, 'masked')]).toEqual(['fail', 'pass']);
    expect(stateOf((await drawn('bridge-eats-lldp')).scene, 'plain')).toBe('plain');
  });

  it('marks the hop at which a frame died', () => {
    const scene = sceneOf(realReport('macvtap-arp-relay'));
    const died = boxesOf(scene.boxes)
      .flatMap(({ hops }) => hops)
      .filter(({ deaths }) => deaths.length > 0)
      .map(({ hop, deaths }) => [hop.label, deaths]);
    expect(died).toEqual([
      ['sw1:eth1 macvtap', [{ number: 1, intended: true }]],
      ['sw2:eth1 macvtap', [{ number: 2, intended: true }]],
    ]);
  });

  it('is well-formed, has a title and a description, and keeps hostile text as text', async () => {
    const svg = await drawSvg(hostile());
    const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
      svg.text,
      'image/svg+xml',
    );
    const text = (name: string): string | null | undefined =>
      document.getElementsByTagName(name)[0]?.textContent;
    expect(text('title')).toBe(HOSTILE.replace('\u0007', '\ufffd'));
    expect(text('desc')).toContain(
      'sw1:eth1-sw2:eth1 (macvtap patch cable, mode vepa, promisc): not as intended',
    );
    expect(document.getElementsByTagName('script')).toHaveLength(0);
  });
});
