#!/bin/sh
# reserved-groups: removes what plan.sh made, last things first, and keeps going on errors.

# undo: masked: Linux bridge
# undo: plain: Linux bridge
ip -force -batch - <<'EOF'
link del dev brsbjm3q2s7t
link del dev brv3gbt94xdt
EOF

# undo: b:eth2: its veth on the host
# undo: a:eth2: its veth on the host
# undo: b:eth1: its veth on the host
# undo: a:eth1: its veth on the host
ip -force -batch - <<'EOF'
link del dev vekvvw4adima
link del dev ve647zgyqkyj
link del dev vekzz26q6eb6
link del dev vekwwgi4pfxp
EOF

# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del reserved-groups.b
netns del reserved-groups.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.reserved-groups; delete table arp patchlab.reserved-groups; add table inet patchlab.reserved-groups; delete table inet patchlab.reserved-groups; add table bridge patchlab.reserved-groups; delete table bridge patchlab.reserved-groups
EOF
