#!/bin/sh
# ovs-patch-panel: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot sw2 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy ovs-patch-panel.sw2

# undo: boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy ovs-patch-panel.sw1

# undo: sw1:eth1-sw2:eth1: patch panel
ovs-vsctl --timeout=30 -- del-br ovi6ae3td637

# undo: sw2:eth1: its tap on the host
# undo: sw1:eth1: its tap on the host
ip -force -batch - <<'EOF'
link del dev tavr5jh7fwxk
link del dev tanztaq4tbaa
EOF

# undo: let the console log of sw2 begin anew, and go with the lab
# undo: let the qemu log of sw2 begin anew, and go with the lab
# undo: let the console log of sw1 begin anew, and go with the lab
# undo: let the qemu log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/ovs-patch-panel.sw2.console.log /var/log/libvirt/qemu/ovs-patch-panel.sw2.log /var/log/libvirt/qemu/ovs-patch-panel.sw1.console.log /var/log/libvirt/qemu/ovs-patch-panel.sw1.log

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.ovs-patch-panel; delete table arp patchlab.ovs-patch-panel; add table inet patchlab.ovs-patch-panel; delete table inet patchlab.ovs-patch-panel; add table bridge patchlab.ovs-patch-panel; delete table bridge patchlab.ovs-patch-panel
EOF
