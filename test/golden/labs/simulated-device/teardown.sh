#!/bin/sh
# simulated-device: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot host (guest kinds, 256MiB, tcg)
virsh -c qemu:///system destroy simulated-device.host

# undo: let the console log of host begin anew, and go with the lab
# undo: let the qemu log of host begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/simulated-device.host.console.log /var/log/libvirt/qemu/simulated-device.host.log
