import { themeFor } from '../theme.js';

/** The style of the page. Colours are those of the drawing. */
export const PAGE_STYLE = `${themeFor(':root')}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 88rem; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 4rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .8rem; }
h3 { font-size: 1.08rem; margin: 0; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code, pre, .device { font-family: ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace; font-size: .88em; }
code { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: .05em .3em; white-space: nowrap; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; overflow-x: auto; margin: .5rem 0; line-height: 1.55; }
pre .note { color: var(--dim); user-select: none; }
.dim { color: var(--dim); }
.small { font-size: .86rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.mark { width: 1.15em; height: 1.15em; vertical-align: -.22em; flex: none; }
.mark circle { fill: var(--state); } .mark path { fill: none; stroke: var(--page); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.pass { --state: var(--good); --soft: var(--good-soft); } .fail { --state: var(--bad); --soft: var(--bad-soft); }
.error, .skipped, .warn { --state: var(--warn); --soft: var(--warn-soft); } .none { --state: var(--none); --soft: var(--panel); }

.headline { display: flex; gap: .6rem; align-items: baseline; margin: 1rem 0 0; padding: .7rem 1rem; border-radius: 8px; background: var(--soft); border-left: 6px solid var(--state); font-weight: 600; }
.short { list-style: none; margin: .8rem 0 0; padding: 0; } .short .mark { margin-right: .25rem; }
.alarm { margin: 1.4rem 0 0; padding: .9rem 1.1rem; border: 3px dashed var(--warn); border-radius: 8px; background: var(--warn-soft); }
.alarm h2 { margin: 0 0 .4rem; } .alarm p { margin: .3rem 0 0; }

figure { margin: 0; }
.drawing { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; padding: .8rem; }
.drawing svg { display: block; max-width: max(100%, 46rem); height: auto; margin: 0 auto; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin: .7rem 0 0; padding: 0; list-style: none; font-size: .86rem; color: var(--dim); }
.legend svg { vertical-align: -.1em; margin-right: .45em; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; padding: .5rem .8rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { font-size: .8rem; text-transform: uppercase; letter-spacing: .04em; color: var(--dim); font-weight: 600; border-bottom-width: 2px; }
tbody th { font-weight: 600; } td.outcome { font-weight: 600; }
tr.fail, tr.error, tr.skipped, tr.warn { background: var(--soft); }
td.differs { text-decoration: underline 2px var(--state); text-underline-offset: 3px; }
.tag { display: inline-block; border: 1px solid var(--state); color: var(--state); border-radius: 99px; padding: 0 .55em; font-size: .8rem; font-weight: 600; white-space: nowrap; }

.loss { border: 1px solid var(--line); border-left: 6px solid var(--bad); border-radius: 8px; padding: 1rem 1.2rem 1.1rem; margin: 1rem 0; }
.loss:target { box-shadow: 0 0 0 3px var(--accent); }
.loss header { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline; }
.loss p { margin: .45rem 0; max-width: 75ch; }
.loss .step { margin: 1.1rem 0 .4rem; font-size: .8rem; text-transform: uppercase; letter-spacing: .04em; color: var(--dim); font-weight: 600; }
ol.legs, ol.strip, ol.strip ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; }
ol.legs { gap: .5rem 1.7rem; }
.legs li { position: relative; display: flex; gap: .4rem; align-items: center; }
.legs li + li::before { content: '→'; position: absolute; left: -1.35rem; color: var(--dim); }
.legs .never { color: var(--dim); } .legs .lost { font-weight: 700; color: var(--bad); }

ol.strip { gap: .7rem .35rem; }
.strip > li { border-top: 3px solid var(--line); padding-top: .25rem; display: flex; flex-direction: column; }
.strip .where { display: block; font-size: .8rem; color: var(--dim); margin: 0 0 .3rem .15rem; white-space: nowrap; }
.strip ol { flex: 1; gap: .5rem 1rem; margin-right: 1rem; align-items: stretch; }
.strip > li:last-child ol { margin-right: 0; }
.hop { position: relative; min-width: 4.7rem; max-width: 7.4rem; padding: .35rem .45rem .4rem; border: 1.5px solid var(--line); border-radius: 7px; background: var(--page); font-size: .83rem; line-height: 1.3; display: flex; flex-direction: column; }
.hop::after { content: ''; position: absolute; left: 100%; top: 50%; width: 1rem; border-top: 3px solid var(--way); margin: -1px 0 0 1.5px; }
.strip > li:last-child li:last-child::after { display: none; }
.strip > li:not(:last-child) li:last-child::after { width: 1.35rem; }
.hop b { display: block; } .hop .device { color: var(--dim); font-size: .74rem; }
.hop .seen { display: flex; gap: .35em; align-items: center; margin-top: auto; padding-top: .25rem; font-size: .8rem; white-space: nowrap; color: var(--dim); }
.travelled { --way: var(--good); border-color: var(--good); }
.death { --way: transparent; border: 3px solid var(--bad); background: var(--bad-soft); }
.death .fate { color: var(--bad); font-weight: 700; display: block; margin-top: .2rem; font-size: .85rem; white-space: nowrap; }
.beyond { --way: transparent; border-style: dashed; color: var(--dim); }
.why { display: grid; grid-template-columns: max-content 1fr; gap: .45rem 1rem; margin: 1rem 0 0; max-width: 60rem; }
.why dt { font-weight: 700; } .why dd { margin: 0; }
details { margin-top: .9rem; } summary { cursor: pointer; font-weight: 600; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--line); }
@media (max-width: 40rem) { .why { grid-template-columns: 1fr; gap: .1rem; } .why dd { margin-bottom: .6rem; } }
@media print { body { max-width: none; padding: 0; } .loss { break-inside: avoid; } }
`;
