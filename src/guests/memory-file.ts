import { randomUUID } from 'node:crypto';

/** Id of the memory in QEMU. It names the block in the stored state, so it is the same for all. */
const MEMORY_ID = 'patchlab.ram';

/** https://libvirt.org/drvqemu.html, pass-through of arguments and overriding capabilities */
const NAMESPACE = 'xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"';
const FEATURES_AS_WORDS = [
  `<qemu:capabilities ${NAMESPACE}>`,
  '  <qemu:del capability="cpu-unavailable-features"/>',
  '</qemu:capabilities>',
];

/** Bytes of main memory of a domain, as QEMU gets them: libvirt rounds up to mebibytes. */
export function memoryOf(xml: string): number {
  const kibibytes = /<memory unit="KiB">(\d+)<\/memory>/.exec(xml)?.[1];
  if (kibibytes === undefined)
    throw new RangeError('the domain does not say how much memory it has');
  return Math.ceil(Number(kibibytes) / 1024) * 1024 ** 2;
}

/**
 * The XML of a domain whose memory is a file. Shared, it fills the file; private, it begins as what the
 * file holds and keeps its changes to itself (MAP_PRIVATE, mmap(2)): such a domain waits for the rest of
 * the state over QMP `migrate-incoming` in place of booting.
 * libvirt names its memory files by the domain's number, so the file goes past it: `-machine` given twice is merged.
 * A fresh virtual machine generation id says that the guest is not the one that was stored
 * (https://www.qemu.org/docs/master/specs/vmgenid.html); a kernel without that driver does not hear of it.
 * Of the processor's features libvirt takes the few words that QEMU has for them, rather than ask for each of some
 * hundred by its name: QEMU reads its monitor byte by byte, so that takes longer than all the rest of the start.
 */
export function onMemoryFile(xml: string, file: string, use: 'shared' | 'private'): string {
  const path = file.replaceAll(',', ',,');
  const share = use === 'shared' ? 'on' : 'off';
  const args = [
    '-object',
    `memory-backend-file,id=${MEMORY_ID},size=${memoryOf(xml)},mem-path=${path},share=${share}`,
    ...['-machine', `memory-backend=${MEMORY_ID}`],
    ...(use === 'private' ? ['-incoming', 'defer'] : []),
  ];
  const elements = [
    `<qemu:commandline ${NAMESPACE}>`,
    ...args.map((arg) => `  <qemu:arg value="${escapeAttribute(arg)}"/>`),
    '</qemu:commandline>',
    // The names of a host-model cannot all be said in those words.
    ...(xml.includes('<cpu mode="host-model"') ? [] : FEATURES_AS_WORDS),
  ];
  const lines = elements.map((line) => `  ${line}\n`).join('');
  return xml
    .replace('</uuid>\n', `</uuid>\n  <genid>${randomUUID()}</genid>\n`)
    .replace(/<\/domain>\s*$/, () => `${lines}</domain>\n`);
}

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
