#!/bin/sh
# bond-modes: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot server (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy bond-modes.server

# undo: sw3: Linux bridge
# undo: sw2: Linux bridge
# undo: sw1: Linux bridge
ip -force -batch - <<'EOF'
link del dev brcesjptdc3n
link del dev br55z7immyvm
link del dev brkr8tvjf4sg
EOF

# undo: spare: patch panel
ovs-vsctl --timeout=30 -- del-br ovvkvh5h3p2f

# undo: sw0: Linux bridge
ip link del dev brsb5qkhkhrf

# undo: client:eth3: its veth on the host
# undo: server:eth8: its tap on the host
# undo: server:eth7: its tap on the host
# undo: client:eth2: its veth on the host
# undo: server:eth6: its tap on the host
# undo: server:eth5: its tap on the host
# undo: client:eth1: its veth on the host
# undo: server:eth4: its tap on the host
# undo: server:eth3: its tap on the host
# undo: left:eth1: its veth on the host
# undo: server:eth1: its tap on the host
# undo: client:eth0: its veth on the host
# undo: server:eth2: its tap on the host
ip -force -batch - <<'EOF'
link del dev verdmqekcmcj
link del dev ta94fy8mgmgu
link del dev ta28zvf9xxay
link del dev vedbrg9sbmkn
link del dev tagtds34xi33
link del dev taw6jxpb496x
link del dev veaedxydn8zv
link del dev tadknk5dupae
link del dev tapw6zmfbzqv
link del dev veazm8p7smx8
link del dev tapkyg5fe6sr
link del dev veya8723m2cg
link del dev taivbj3xkimx
EOF

# undo: let the console log of server begin anew, and go with the lab
# undo: let the qemu log of server begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/bond-modes.server.console.log /var/log/libvirt/qemu/bond-modes.server.log

# undo: network namespace of left
# undo: network namespace of client
ip -force -batch - <<'EOF'
netns del bond-modes.left
netns del bond-modes.client
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.bond-modes; delete table arp patchlab.bond-modes; add table inet patchlab.bond-modes; delete table inet patchlab.bond-modes; add table bridge patchlab.bond-modes; delete table bridge patchlab.bond-modes
EOF
