#!/bin/sh
# wireguard: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot lab (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy wireguard.lab

# undo: let the console log of lab begin anew, and go with the lab
# undo: let the qemu log of lab begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/wireguard.lab.console.log /var/log/libvirt/qemu/wireguard.lab.log
