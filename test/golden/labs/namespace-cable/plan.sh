#!/bin/sh
# namespace-cable: Two namespaces on a straight cable, no guests, proved in seconds
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of a
# network namespace of b
ip -batch - <<'EOF'
netns add namespace-cable.a
netns add namespace-cable.b
EOF

# ---- devices ----

# a:eth1-b:eth1: patch cable
ip link add name eth1 netns namespace-cable.a address 02:f4:5a:26:75:98 type veth peer name eth1 netns namespace-cable.b address 02:3a:97:b5:c8:17

# ---- inside ----

# mark a as the lab's
# address 10.0.0.1/24 of a:eth1
# bring up a:eth1
# address fd00::1/64 of a:eth1
# bring up a:lo
ip -n namespace-cable.a -batch - <<'EOF'
link set dev lo alias patchlab:namespace-cable
addr add 10.0.0.1/24 dev eth1
link set dev eth1 up
addr add fd00::1/64 dev eth1 nodad
link set dev lo up
EOF

# mark b as the lab's
# address 10.0.0.2/24 of b:eth1
# bring up b:eth1
# address fd00::2/64 of b:eth1
# bring up b:lo
ip -n namespace-cable.b -batch - <<'EOF'
link set dev lo alias patchlab:namespace-cable
addr add 10.0.0.2/24 dev eth1
link set dev eth1 up
addr add fd00::2/64 dev eth1 nodad
link set dev lo up
EOF
