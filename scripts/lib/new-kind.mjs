// new-kind.mjs device|link NAME: writes the files of a new kind into the tree in the working folder, from
// templates/kinds/, and its lines into the registries; docs/adding-a-kind.md tells what is to be filled in then.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const templates = new URL('../../templates/kinds/', import.meta.url);

/** The files of what can be begun so: the template of each, and its registry where it has one. */
const BEGUN = {
  device: (name) => [
    { from: 'hop.ts', to: `src/hops/kinds/${name}.ts`, registry: 'src/hops/kinds/index.ts' },
    { from: 'device.ts', to: `src/devices/kinds/${name}.ts`, registry: 'src/devices/index.ts' },
    { from: 'device.yaml', to: `topologies/devices/${name}-device.yaml` },
  ],
  link: (name) => [
    { from: 'link.ts', to: `src/links/kinds/${name}.ts`, registry: 'src/links/index.ts' },
    { from: 'link.yaml', to: `topologies/cables/${name}-link.yaml` },
  ],
};

const [what, name] = process.argv.slice(2);
if (!Object.hasOwn(BEGUN, what ?? '') || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? ''))
  end(
    'usage: npm run new-kind -- device|link NAME. NAME is a word of the field, such as `vlan` or `ovs-panel`.',
  );
const files = BEGUN[what](name);
const there = files.filter(({ to }) => existsSync(to));
if (there.length > 0) end(`${there.map(({ to }) => to).join(', ')}: there already.`);

for (const { from, to, registry } of files) {
  const text = named(readFileSync(new URL(from, templates), 'utf8'), to);
  const options = await resolveConfig(fileURLToPath(import.meta.url));
  writeFileSync(to, await format(text, { ...options, filepath: to }));
  if (registry) writeFileSync(registry, entered(readFileSync(registry, 'utf8'), to, registry));
  console.log(registry ? `${to}, entered in ${registry}` : to);
}
console.log(
  'Next: what stands there in CAPITALS, then `npm run golden`; see docs/adding-a-kind.md.',
);

/** A template under the name of the kind, with the imports of a file at `to`. */
function named(text, to) {
  const [, folder] = /^src\/(\w+)\//.exec(to) ?? [];
  return text
    .replaceAll('./hop.js', `../../hops/kinds/${name}.js`)
    .replaceAll(`../../src/${folder}/`, '../')
    .replaceAll('../../src/', '../../')
    .replaceAll('const sample ', `const ${inCode()} `)
    .replaceAll(
      'SampleSettings',
      `${inCode().replace(/^./, (first) => first.toUpperCase())}Settings`,
    )
    .replaceAll('sample', name);
}

/** A registry with a file in it: its import after the others, its descriptor at the end of the first list. */
function entered(text, file, registry) {
  const path = file.slice(registry.lastIndexOf('/') + 1);
  const line = `import { ${inCode()} } from './${path.replace(/\.ts$/, '.js')}';\n`;
  const imports = text.lastIndexOf('\nimport ') + 1;
  const after = text.indexOf('\n', imports) + 1;
  return `${text.slice(0, after)}${line}${text.slice(after).replace(/^\]/m, `  ${inCode()},\n]`)}`;
}

function inCode() {
  return name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
}

function end(words) {
  console.error(`new-kind: ${words}`);
  process.exit(2);
}
