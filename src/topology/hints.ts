/** What to write in place of a value that is nearly right. Each hint is the end of a sentence that begins with "write". */

/** Longest name that the kernel takes for a network device (IFNAMSIZ - 1, linux/if.h). */
export const DEVICE_NAME_MAX = 15;
/** Longest name of a lab, node, namespace or link. */
export const NAME_MAX = 31;

type Hint = string | undefined;

const tooLong = (name: string, most: number, what: string): Hint =>
  name.length > most
    ? `a shorter name: this one has ${name.length} characters, and ${what} at most ${most}`
    : undefined;

/** A name that letters, digits and hyphens make. */
export function nameHint(written: string): Hint {
  const long = tooLong(written, NAME_MAX, 'a name');
  if (long !== undefined) return long;
  const name = written.toLowerCase().replaceAll(/[\s_.]+/g, '-');
  return /^[a-z][a-z0-9-]*$/.test(name)
    ? `\`${name}\`: a name has lower-case letters, digits and hyphens, begins with a letter, and is at most ${NAME_MAX} long`
    : undefined;
}

/** A name of a network device. */
export const deviceHint = (written: string): Hint =>
  tooLong(written, DEVICE_NAME_MAX, 'the kernel gives a device');

/** A port as `node:port`. */
export function portHint(written: unknown): Hint {
  if (typeof written === 'object' && written !== null) {
    const [first, ...more] = Object.entries(written);
    const pair = first && more.length === 0 && typeof first[1] === 'string';
    return pair ? `\`${first[0]}:${first[1]}\`, without a space after the colon` : undefined;
  }
  if (typeof written !== 'string') return undefined;
  const [node = '', port, more] = written.split(':').map((part) => part.trim());
  if (more !== undefined) return undefined;
  if (port === undefined)
    return `the port too, such as \`${/^[a-z][a-z0-9-]*$/.test(node) ? node : 'sw1'}:eth1\``;
  if (node.includes('/'))
    return `a port of the node itself; a device inside the node (\`kind: veth\`) leads on to ${node}`;
  const upper = /^[a-z][a-z0-9-]*$/.test(node) ? undefined : nameHint(node);
  return deviceHint(port) ?? (upper && `the node as ${upper}`);
}

/** A unicast MAC address. */
export function macHint(written: unknown): Hint {
  if (typeof written !== 'string') return undefined;
  const digits = written.replaceAll(/[^0-9a-fA-F]/g, '').toLowerCase();
  if (digits.length !== 12) return undefined;
  const mac = (digits.match(/../g) ?? []).join(':');
  if (Number.parseInt(digits.slice(1, 2), 16) % 2 === 1)
    return `a MAC address of one device: the first octet of ${mac} is odd, so it is one of a group`;
  return `\`${mac}\``;
}

/** An address with its prefix length. */
export function cidrHint(written: unknown): Hint {
  if (typeof written !== 'string') return undefined;
  const [address = '', length] = written.split('/');
  const octets = address.split('.');
  if (octets.length === 4 && octets.every((octet) => /^\d+$/.test(octet))) {
    if (octets.some((octet) => Number(octet) > 255))
      return 'an address whose four numbers are from 0 to 255';
    if (length === undefined) return `\`${address}/24\`, the address with its prefix length`;
    if (length.includes('.')) {
      const bits = length.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'));
      const ones = /^(1*)0*$/.exec(bits.join(''))?.[1];
      return ones && `\`${address}/${ones.length}\`, with the length of the prefix for its mask`;
    }
    return 'a prefix length from 0 to 32';
  }
  if (length === undefined && /^[0-9a-fA-F:]*::?[0-9a-fA-F:]*$/.test(address))
    return `\`${address}/64\`, the address with its prefix length`;
  return undefined;
}

/** A size in words of the file. */
export function memoryHint(written: unknown): Hint {
  const [, amount, unit = ''] = /^(\d+)\s*([kmgKMG]?)i?[bB]?$/.exec(String(written)) ?? [];
  if (amount === undefined || Number(amount) === 0 || unit.toLowerCase() === 'k') return undefined;
  return `\`${amount}${unit.toLowerCase() === 'g' ? 'GiB' : 'MiB'}\``;
}
