import { markup, Markup } from '../markup.js';
import type { Report } from '../result.js';
import { MARKS, themeFor } from '../theme.js';
import { DEATH_HEIGHT, deathText, layOut, TEXT, type Layout, type Rectangle } from './layout.js';
import { sceneOf, type Scene, type SceneBox, type SceneHop, type SceneWire } from './scene.js';
import type { WireState } from './wires.js';

/** The drawing of a lab as SVG: boxes, ports on them, and each cable in the colour of its verdict. */

const STYLE = new Markup(`${themeFor('.pl-lab')}
.pl-lab { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
.pl-lab text { fill: var(--text); font-size: ${TEXT.name}px; }
.pl-lab .title { font-size: ${TEXT.title}px; font-weight: 600; }
.pl-lab .detail { font-size: ${TEXT.detail}px; fill: var(--dim); }
.pl-lab .box { fill: var(--panel); stroke: var(--line); stroke-width: 1.5; }
.pl-lab .box.inner { fill: var(--box); }
.pl-lab .box.link { fill: none; stroke-dasharray: 3 4; }
.pl-lab .hop { fill: var(--box); stroke: var(--line); stroke-width: 1.2; }
.pl-lab .port { fill: var(--box); stroke: var(--text); stroke-width: 1.2; }
.pl-lab .hop.died, .pl-lab .port.died { stroke: var(--bad); stroke-width: 2.4; }
.pl-lab .wire { fill: none; stroke-width: 3; stroke-linejoin: round; }
.pl-lab .wire.fail { stroke-width: 4.5; }
.pl-lab .wire.warn { stroke-dasharray: 9 5; }
.pl-lab .wire.none { stroke-width: 2; stroke-dasharray: 2 5; }
.pl-lab .wire.plain { stroke-width: 2; }
.pl-lab .pass { --state: var(--good); } .pl-lab .fail { --state: var(--bad); }
.pl-lab .warn { --state: var(--warn); } .pl-lab .none { --state: var(--none); }
.pl-lab .plain { --state: var(--dim); }
.pl-lab .wire { stroke: var(--state); }
.pl-lab .mark circle { fill: var(--state); }
.pl-lab .mark path { fill: none; stroke: var(--page); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }
.pl-lab .death rect { fill: var(--bad); }
.pl-lab .death text { fill: var(--page); font-size: ${TEXT.detail}px; font-weight: 600; }
.pl-lab .death.intended rect { fill: var(--bad-soft); stroke: var(--bad); }
.pl-lab .death.intended text { fill: var(--bad); }
.pl-lab .wire-label, .pl-lab .page { fill: var(--page); }`);

/** What a state says, for those who see no colour. */
export const STATE_WORDS: Readonly<Record<WireState, string>> = {
  pass: 'as intended',
  fail: 'not as intended',
  warn: 'not known, or not predicted',
  none: 'no check crosses it',
  plain: 'not checked',
};

/** A lab as an SVG document, or as a part of a page. Links lead to `#loss-N`. */
export async function drawSvg(report: Pick<Report, 'lab' | 'graph' | 'cases'>): Promise<Markup> {
  const scene = sceneOf(report);
  const layout = await layOut(scene);
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="pl-lab" role="img" aria-labelledby="pl-title pl-desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title id="pl-title">${scene.title}</title>
<desc id="pl-desc">${describe(scene)}</desc>
<style>${STYLE}</style>
<rect class="page" width="100%" height="100%"/>
${scene.boxes.map((box) => drawBox(box, layout, 0))}
${scene.wires.map((wire, index) => drawWire(wire, layout.wires[index]))}
${scene.boxes.map((box) => drawHops(box, layout))}
</svg>`;
}

/** The drawing in words. */
function describe({ boxes }: Scene): string {
  const all = boxes.flatMap((box) => [box, ...box.boxes]);
  const links = boxes.filter(({ link }) => link);
  const nodes = boxes.filter(({ link }) => !link);
  const deaths = all.flatMap(({ hops }) => hops).filter(({ deaths }) => deaths.length > 0);
  return [
    `${nodes.length} nodes: ${nodes.map(({ title }) => title).join(', ')}.`,
    ...links.map(
      ({ title, details, state }) => `${title} (${details.join()}): ${STATE_WORDS[state]}.`,
    ),
    ...deaths.map((hop) => `${hop.hop.label}: ${deathText(hop.deaths)}.`),
  ].join(' ');
}

function drawBox(box: SceneBox, layout: Layout, depth: number): Markup | undefined {
  const at = layout.places.get(box.id);
  if (!at) return undefined;
  const style = box.link ? 'link' : depth > 0 ? 'inner' : 'outer';
  return markup`<g><rect class="box ${style}" x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" rx="8"/>
<text class="title" x="${at.x + 14}" y="${at.y + 22}">${box.title}</text>
${box.details.map((line, index) => markup`<text class="detail" x="${at.x + 14}" y="${at.y + 38 + 15 * index}">${line}</text>`)}
${box.link && drawMark(box.state, at.x + at.width - 20, at.y + 18)}
${box.boxes.map((inner) => drawBox(inner, layout, depth + 1))}</g>
`;
}

const drawMark = (state: WireState, x: number, y: number): Markup | false =>
  state !== 'plain' &&
  markup`<g class="mark ${state}" transform="translate(${x - 8} ${y - 8})"><title>${STATE_WORDS[state]}</title><circle cx="8" cy="8" r="9"/><path d="${MARKS[state]}"/></g>`;

function drawWire(wire: SceneWire, way: Layout['wires'][number] | undefined): Markup | undefined {
  if (!way) return undefined;
  const line = way.points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  return markup`<path class="wire ${wire.state}" d="${line}"/>
${way.label && drawLabel(wire, way.label)}`;
}

const drawLabel = ({ label, state }: SceneWire, at: Rectangle): Markup =>
  markup`<rect class="wire-label" x="${at.x}" y="${at.y}" width="${at.width + 22}" height="${at.height}"/>
<text class="detail" x="${at.x + 26}" y="${at.y + 15}">${label}</text>${drawMark(state, at.x + 10, at.y + 11)}`;

const drawHops = (box: SceneBox, layout: Layout): Markup =>
  markup`${box.boxes.map((inner) => drawHops(inner, layout))}${box.hops.map((hop) => drawHop(hop, layout))}`;

function drawHop(hop: SceneHop, layout: Layout): Markup | undefined {
  const at = layout.places.get(hop.hop.id);
  if (!at) return undefined;
  const [middle, died] = [at.x + at.width / 2, hop.deaths.length > 0 ? ' died' : ''];
  const name = `${hop.hop.label}: ${hop.hop.kind} ${hop.hop.device}`;
  if (hop.port)
    return markup`<g><title>${name}</title><rect class="port${died}" x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" rx="5"/>
<text text-anchor="middle" x="${middle}" y="${at.y + 17}">${hop.name}</text>${drawDeath(hop, middle, at.y + at.height + 3)}</g>
`;
  return markup`<g><title>${name}</title><rect class="hop${died}" x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" rx="6"/>
<text text-anchor="middle" x="${middle}" y="${at.y + 17}">${hop.name}</text>
<text class="detail" text-anchor="middle" x="${middle}" y="${at.y + 32}">${hop.detail}</text>${drawDeath(hop, middle, at.y + at.height - DEATH_HEIGHT)}</g>
`;
}

function drawDeath({ deaths }: SceneHop, middle: number, y: number): Markup | undefined {
  const [first] = deaths;
  if (!first) return undefined;
  const text = deathText(deaths);
  const width = 24 + text.length * TEXT.detail * 0.6;
  const style = deaths.every(({ intended }) => intended) ? 'death intended' : 'death';
  return markup`<a href="#loss-${first.number}" class="${style}"><rect x="${middle - width / 2}" y="${y}" width="${width}" height="20" rx="10"/>
<text text-anchor="middle" x="${middle}" y="${y + 14}">✗ ${text}</text></a>`;
}
