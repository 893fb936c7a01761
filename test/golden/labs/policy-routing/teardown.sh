#!/bin/sh
# policy-routing: removes what plan.sh made, last things first, and keeps going on errors.

# undo: second: Linux bridge
# undo: first: Linux bridge
ip -force -batch - <<'EOF'
link del dev brzbk95aydaj
link del dev br689tpzbcdx
EOF

# undo: loose:eth2: its veth on the host
# undo: strict:eth2: its veth on the host
# undo: rules:eth2: its veth on the host
# undo: isp2:eth2: its veth on the host
# undo: loose:eth1: its veth on the host
# undo: strict:eth1: its veth on the host
# undo: rules:eth1: its veth on the host
# undo: isp1:eth2: its veth on the host
ip -force -batch - <<'EOF'
link del dev ve3t28sug8ji
link del dev vemkwaunfvx2
link del dev ve4bafw978vi
link del dev veha86kqiu4x
link del dev vehwvnwhvadv
link del dev ve9vc2ndyb9z
link del dev vednuqkjf5ug
link del dev vep2zb5q2i8z
EOF

# undo: network namespace of hidden
# undo: network namespace of loose
# undo: network namespace of strict
# undo: network namespace of rules
# undo: network namespace of isp2
# undo: network namespace of isp1
# undo: network namespace of net
# undo: network namespace of client
ip -force -batch - <<'EOF'
netns del policy-routing.hidden
netns del policy-routing.loose
netns del policy-routing.strict
netns del policy-routing.rules
netns del policy-routing.isp2
netns del policy-routing.isp1
netns del policy-routing.net
netns del policy-routing.client
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.policy-routing; delete table arp patchlab.policy-routing; add table inet patchlab.policy-routing; delete table inet patchlab.policy-routing; add table bridge patchlab.policy-routing; delete table bridge patchlab.policy-routing
EOF
