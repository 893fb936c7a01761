import { readFileSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';

/**
 * The last words of the command line as the bytes that they are. Node gives them as text, in which bytes
 * that are no UTF-8 are lost.
 * @param words - the same as text
 */
export function bytesOf(words: readonly string[]): readonly Uint8Array[] {
  if (!words.some((word) => word.includes('\ufffd'))) return words.map((word) => Buffer.from(word));
  const all = splitAtNul(readFileSync('/proc/self/cmdline'));
  return all.slice(all.length - words.length);
}

function splitAtNul(bytes: Buffer): readonly Buffer[] {
  const words: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    const stop = end < 0 ? bytes.length : end;
    words.push(bytes.subarray(at, stop));
    at = stop + 1;
  }
  return words;
}

/**
 * An argument array for words that may be no UTF-8, as only text can be handed to Node and to a guest's agent.
 * Where one is none, a shell makes it from octal digits; it sees nothing else of any word.
 */
export function argvOf(words: readonly Uint8Array[]): readonly string[] {
  if (words.every((word) => isUtf8(word))) return words.map((word) => Buffer.from(word).toString());
  const names = words.map((_, index) => `w${index}`);
  const made = words.map((word, index) => {
    const octal = [...word].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    // What a substitution gives loses its last newlines, so it ends in a letter.
    return `w${index}=$(printf '${octal}x'); w${index}=\${w${index}%x}`;
  });
  const script = [...made, `exec ${names.map((name) => `"$${name}"`).join(' ')}`].join('\n');
  return ['sh', '-c', script];
}
