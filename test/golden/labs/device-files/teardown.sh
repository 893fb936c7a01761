#!/bin/sh
# device-files: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot lab (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy device-files.lab

# undo: let the console log of lab begin anew, and go with the lab
# undo: let the qemu log of lab begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/device-files.lab.console.log /var/log/libvirt/qemu/device-files.lab.log
