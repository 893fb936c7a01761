#!/bin/sh
# ring-failover: A ring of three bridges goes the other way round when a cable of it is cut, after the delays of spanning tree
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of top
# network namespace of left
# network namespace of right
ip -batch - <<'EOF'
netns add ring-failover.top
netns add ring-failover.left
netns add ring-failover.right
EOF

# ---- devices ----

# across: patch cable left:eth1 - right:eth1
# up: patch cable left:eth2 - top:eth1
# down: patch cable right:eth2 - top:eth2
ip -batch - <<'EOF'
link add name eth1 netns ring-failover.left address 02:f4:ff:8e:85:a6 type veth peer name eth1 netns ring-failover.right address 02:cf:a8:dc:ee:21
link add name eth2 netns ring-failover.left address 02:d6:6d:77:e6:4c type veth peer name eth1 netns ring-failover.top address 02:b5:87:fa:4c:15
link add name eth2 netns ring-failover.right address 02:5f:66:1f:8f:d7 type veth peer name eth2 netns ring-failover.top address 02:9b:c7:15:68:7c
EOF

# ---- inside ----

# mark top as the lab's
# bridge br0
# plug eth1 into br0
# plug eth2 into br0
# address 10.0.0.3/24 of top:br0
# bring up top:lo
# bring up top:eth1
# bring up top:eth2
# bring up top:br0
ip -n ring-failover.top -batch - <<'EOF'
link set dev lo alias patchlab:ring-failover
link add name br0 address 02:fe:76:a2:93:9a type bridge stp_state 1 mcast_snooping 0 forward_delay 200 priority 12288
link set dev eth1 master br0
link set dev eth2 master br0
addr add 10.0.0.3/24 dev br0
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev br0 up
EOF

# mark left as the lab's
# bridge br0
# plug eth1 into br0
# plug eth2 into br0
# address 10.0.0.1/24 of left:br0
# bring up left:lo
# bring up left:eth1
# bring up left:eth2
# bring up left:br0
ip -n ring-failover.left -batch - <<'EOF'
link set dev lo alias patchlab:ring-failover
link add name br0 address 02:cb:78:32:d2:be type bridge stp_state 1 mcast_snooping 0 forward_delay 200 priority 4096
link set dev eth1 master br0
link set dev eth2 master br0
addr add 10.0.0.1/24 dev br0
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev br0 up
EOF

# mark right as the lab's
# bridge br0
# plug eth1 into br0
# plug eth2 into br0
# address 10.0.0.2/24 of right:br0
# bring up right:lo
# bring up right:eth1
# bring up right:eth2
# bring up right:br0
ip -n ring-failover.right -batch - <<'EOF'
link set dev lo alias patchlab:ring-failover
link add name br0 address 02:d2:a3:db:2b:b7 type bridge stp_state 1 mcast_snooping 0 forward_delay 200 priority 8192
link set dev eth1 master br0
link set dev eth2 master br0
addr add 10.0.0.2/24 dev br0
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev br0 up
EOF
