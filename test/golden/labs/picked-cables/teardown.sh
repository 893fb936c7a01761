#!/bin/sh
# picked-cables: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot sw2 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy picked-cables.sw2

# undo: boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy picked-cables.sw1

# undo: masked: Linux bridge
ip link del dev br54az73ybhi

# undo: mixed: patch panel
ovs-vsctl --timeout=30 -- del-br ovnq2gihi4pg

# undo: b:eth2: its veth on the host
# undo: a:eth3: its veth on the host
# undo: a:eth1: its veth on the host
# undo: sw1:eth2: its tap on the host
# undo: guests: cable sw1:eth1 - sw2:eth1
ip -force -batch - <<'EOF'
link del dev vejq5i25ktzc
link del dev veh8wt4dek9f
link del dev vev2sq8634m9
link del dev tawmftrjvq7z
link del dev veu3nz7xvxg4
EOF

# undo: let the console log of sw2 begin anew, and go with the lab
# undo: let the qemu log of sw2 begin anew, and go with the lab
# undo: let the console log of sw1 begin anew, and go with the lab
# undo: let the qemu log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/picked-cables.sw2.console.log /var/log/libvirt/qemu/picked-cables.sw2.log /var/log/libvirt/qemu/picked-cables.sw1.console.log /var/log/libvirt/qemu/picked-cables.sw1.log

# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del picked-cables.b
netns del picked-cables.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.picked-cables; delete table arp patchlab.picked-cables; add table inet patchlab.picked-cables; delete table inet patchlab.picked-cables; add table bridge patchlab.picked-cables; delete table bridge patchlab.picked-cables
EOF
