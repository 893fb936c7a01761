#!/bin/sh
# no-way: A router that does not forward, a router without a route, and an answer without a way back
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of a
# network namespace of r
# network namespace of b
# network namespace of c
# network namespace of d
ip -batch - <<'EOF'
netns add no-way.a
netns add no-way.r
netns add no-way.b
netns add no-way.c
netns add no-way.d
EOF

# ---- devices ----

# a:eth1-r:eth1: patch cable
# r:eth2-b:eth1: patch cable
# r:eth3-c:eth1: patch cable
# c:eth2-d:eth1: patch cable
ip -batch - <<'EOF'
link add name eth1 netns no-way.a address 02:7a:c5:96:2c:c4 type veth peer name eth1 netns no-way.r address 02:c1:17:6f:51:0e
link add name eth2 netns no-way.r address 02:18:9c:10:a5:37 type veth peer name eth1 netns no-way.b address 02:21:6a:89:d5:e1
link add name eth3 netns no-way.r address 02:1a:32:82:54:62 type veth peer name eth1 netns no-way.c address 02:67:c1:c4:b2:ce
link add name eth2 netns no-way.c address 02:06:8d:c9:f9:70 type veth peer name eth1 netns no-way.d address 02:37:35:e0:62:61
EOF

# ---- inside ----

# mark a as the lab's
# address 10.0.1.1/24 of a:eth1
# bring up a:eth1
# address fd00:1::1/64 of a:eth1
# bring up a:lo
# route of a: default via 10.0.1.254 dev eth1
# route of a: default via fd00:1::fe dev eth1
ip -n no-way.a -batch - <<'EOF'
link set dev lo alias patchlab:no-way
addr add 10.0.1.1/24 dev eth1
link set dev eth1 up
addr add fd00:1::1/64 dev eth1 nodad
link set dev lo up
route add default via 10.0.1.254 dev eth1
route add default via fd00:1::fe dev eth1
EOF

# mark r as the lab's
ip -n no-way.r link set dev lo alias patchlab:no-way

# mark b as the lab's
# address 10.0.2.1/24 of b:eth1
# bring up b:eth1
# address fd00:2::1/64 of b:eth1
# bring up b:lo
# route of b: default via 10.0.2.254 dev eth1
# route of b: default via fd00:2::fe dev eth1
ip -n no-way.b -batch - <<'EOF'
link set dev lo alias patchlab:no-way
addr add 10.0.2.1/24 dev eth1
link set dev eth1 up
addr add fd00:2::1/64 dev eth1 nodad
link set dev lo up
route add default via 10.0.2.254 dev eth1
route add default via fd00:2::fe dev eth1
EOF

# mark c as the lab's
# address 10.0.3.1/24 of c:eth1
# address 10.0.4.1/24 of c:eth2
# bring up c:lo
# bring up c:eth1
# bring up c:eth2
ip -n no-way.c -batch - <<'EOF'
link set dev lo alias patchlab:no-way
addr add 10.0.3.1/24 dev eth1
addr add 10.0.4.1/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# mark d as the lab's
# address 10.0.4.2/24 of d:eth1
# bring up d:lo
# bring up d:eth1
# route of d: default via 10.0.4.1 dev eth1
ip -n no-way.d -batch - <<'EOF'
link set dev lo alias patchlab:no-way
addr add 10.0.4.2/24 dev eth1
link set dev lo up
link set dev eth1 up
route add default via 10.0.4.1 dev eth1
EOF

# net.ipv4.ip_forward of r
ip netns exec no-way.r sysctl -q -w net.ipv4.ip_forward=1

# address 10.0.1.254/24 of r:eth1
# bring up r:eth1
# address fd00:1::fe/64 of r:eth1
# address 10.0.2.254/24 of r:eth2
# bring up r:eth2
# address fd00:2::fe/64 of r:eth2
# address 10.0.3.254/24 of r:eth3
# bring up r:eth3
# address fd00:3::fe/64 of r:eth3
# bring up r:lo
ip -n no-way.r -batch - <<'EOF'
addr add 10.0.1.254/24 dev eth1
link set dev eth1 up
addr add fd00:1::fe/64 dev eth1 nodad
addr add 10.0.2.254/24 dev eth2
link set dev eth2 up
addr add fd00:2::fe/64 dev eth2 nodad
addr add 10.0.3.254/24 dev eth3
link set dev eth3 up
addr add fd00:3::fe/64 dev eth3 nodad
link set dev lo up
EOF
