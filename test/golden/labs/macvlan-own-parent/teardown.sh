#!/bin/sh
# macvlan-own-parent: removes what plan.sh made, last things first, and keeps going on errors.

# undo: lan: Linux bridge
ip link del dev brz3jqraac4v

# undo: gateway:eth1: its veth on the host
# undo: node3:ens160: its veth on the host
# undo: node2:ens160: its veth on the host
# undo: node1:ens160: its veth on the host
ip -force -batch - <<'EOF'
link del dev vebuwitkyfjv
link del dev vejrnm6x965a
link del dev vezsmhdnujpn
link del dev ve3ihgsk5rv3
EOF

# undo: network namespace of client
# undo: network namespace of gateway
# undo: network namespace of node3/ns1
# undo: network namespace of node3
# undo: network namespace of node2/ns1
# undo: network namespace of node2
# undo: network namespace of node1/ns2
# undo: network namespace of node1/ns1
# undo: network namespace of node1
ip -force -batch - <<'EOF'
netns del macvlan-own-parent.client
netns del macvlan-own-parent.gateway
netns del macvlan-own-parent.node3.ns1
netns del macvlan-own-parent.node3
netns del macvlan-own-parent.node2.ns1
netns del macvlan-own-parent.node2
netns del macvlan-own-parent.node1.ns2
netns del macvlan-own-parent.node1.ns1
netns del macvlan-own-parent.node1
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.macvlan-own-parent; delete table arp patchlab.macvlan-own-parent; add table inet patchlab.macvlan-own-parent; delete table inet patchlab.macvlan-own-parent; add table bridge patchlab.macvlan-own-parent; delete table bridge patchlab.macvlan-own-parent
EOF
