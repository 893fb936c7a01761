/** A number of bytes for people, in the largest binary unit that leaves at least 1. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** unit;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}

/** The bytes that the argument of a check asks for. */
export function parseBytes(arg: string): number {
  if (!/^\d+$/.test(arg)) throw new TypeError(`no number of bytes: ${arg}`);
  return Number(arg);
}
