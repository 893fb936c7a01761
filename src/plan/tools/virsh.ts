/** How a person or a script does by virsh(1) what patchlab does. */
export const virsh = (...args: readonly string[]): readonly string[] => [
  ...['virsh', '-c', 'qemu:///system'],
  ...args,
];
