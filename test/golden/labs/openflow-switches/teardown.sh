#!/bin/sh
# openflow-switches: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot sw2 (guest switch, 256MiB, tcg)
virsh -c qemu:///system destroy openflow-switches.sw2

# undo: boot sw1 (guest switch, 256MiB, tcg)
virsh -c qemu:///system destroy openflow-switches.sw1

# undo: let the console log of sw2 begin anew, and go with the lab
# undo: let the qemu log of sw2 begin anew, and go with the lab
# undo: let the console log of sw1 begin anew, and go with the lab
# undo: let the qemu log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/openflow-switches.sw2.console.log /var/log/libvirt/qemu/openflow-switches.sw2.log /var/log/libvirt/qemu/openflow-switches.sw1.console.log /var/log/libvirt/qemu/openflow-switches.sw1.log
