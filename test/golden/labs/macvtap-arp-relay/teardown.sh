#!/bin/sh
# macvtap-arp-relay: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot sw2 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy macvtap-arp-relay.sw2

# undo: boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy macvtap-arp-relay.sw1

# undo: sw1:eth1-sw2:eth1: cable
ip link del dev vet8uzeqk524

# undo: let the console log of sw2 begin anew, and go with the lab
# undo: let the qemu log of sw2 begin anew, and go with the lab
# undo: let the console log of sw1 begin anew, and go with the lab
# undo: let the qemu log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/macvtap-arp-relay.sw2.console.log /var/log/libvirt/qemu/macvtap-arp-relay.sw2.log /var/log/libvirt/qemu/macvtap-arp-relay.sw1.console.log /var/log/libvirt/qemu/macvtap-arp-relay.sw1.log

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.macvtap-arp-relay; delete table arp patchlab.macvtap-arp-relay; add table inet patchlab.macvtap-arp-relay; delete table inet patchlab.macvtap-arp-relay; add table bridge patchlab.macvtap-arp-relay; delete table bridge patchlab.macvtap-arp-relay
EOF
