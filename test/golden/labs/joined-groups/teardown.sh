#!/bin/sh
# joined-groups: removes what plan.sh made, last things first, and keeps going on errors.

# undo: asking: Linux bridge
# undo: silent: Linux bridge
ip -force -batch - <<'EOF'
link del dev brge5cevbd5r
link del dev brudk3yscjzc
EOF

# undo: far:eth1: its veth on the host
# undo: member:eth2: its veth on the host
# undo: sender:eth2: its veth on the host
# undo: member:eth1: its veth on the host
# undo: sender:eth1: its veth on the host
ip -force -batch - <<'EOF'
link del dev veta7td4r34w
link del dev veszvvtva8qx
link del dev ve6vyx5vca8g
link del dev vepypmkjshbz
link del dev ve5hmtcahbhw
EOF

# undo: network namespace of behind
# undo: network namespace of far
# undo: network namespace of member
# undo: network namespace of sender
ip -force -batch - <<'EOF'
netns del joined-groups.behind
netns del joined-groups.far
netns del joined-groups.member
netns del joined-groups.sender
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.joined-groups; delete table arp patchlab.joined-groups; add table inet patchlab.joined-groups; delete table inet patchlab.joined-groups; add table bridge patchlab.joined-groups; delete table bridge patchlab.joined-groups
EOF
