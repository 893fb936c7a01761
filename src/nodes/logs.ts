/** Where libvirt keeps what QEMU says of a domain, and where what its guest writes on its console goes. */
export const logsOf = (domain: string) => ({
  qemu: `/var/log/libvirt/qemu/${domain}.log`,
  console: `/var/log/libvirt/qemu/${domain}.console.log`,
});
