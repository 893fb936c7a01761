#!/bin/sh
# typed: A chain of namespaces written in TypeScript
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of a
# network namespace of b
# network namespace of c
# network namespace of d
ip -batch - <<'EOF'
netns add typed.a
netns add typed.b
netns add typed.c
netns add typed.d
EOF

# ---- devices ----

# a:right-b:left: patch cable
# b:right-c:left: patch cable
# c:right-d:left: patch cable
ip -batch - <<'EOF'
link add name right netns typed.a address 02:e4:e4:bd:15:21 type veth peer name left netns typed.b address 02:08:4b:b9:4f:78
link add name right netns typed.b address 02:de:c4:76:47:03 type veth peer name left netns typed.c address 02:40:4e:c4:b6:d2
link add name right netns typed.c address 02:0f:ce:0d:0b:33 type veth peer name left netns typed.d address 02:f8:0a:4f:c5:c1
EOF

# ---- inside ----

# mark a as the lab's
# address 10.0.1.1/24 of a:right
# bring up a:lo
# bring up a:right
ip -n typed.a -batch - <<'EOF'
link set dev lo alias patchlab:typed
addr add 10.0.1.1/24 dev right
link set dev lo up
link set dev right up
EOF

# mark b as the lab's
# address 10.0.1.2/24 of b:left
# address 10.0.2.1/24 of b:right
# bring up b:lo
# bring up b:left
# bring up b:right
ip -n typed.b -batch - <<'EOF'
link set dev lo alias patchlab:typed
addr add 10.0.1.2/24 dev left
addr add 10.0.2.1/24 dev right
link set dev lo up
link set dev left up
link set dev right up
EOF

# mark c as the lab's
# address 10.0.2.2/24 of c:left
# address 10.0.3.1/24 of c:right
# bring up c:lo
# bring up c:left
# bring up c:right
ip -n typed.c -batch - <<'EOF'
link set dev lo alias patchlab:typed
addr add 10.0.2.2/24 dev left
addr add 10.0.3.1/24 dev right
link set dev lo up
link set dev left up
link set dev right up
EOF

# mark d as the lab's
# address 10.0.3.2/24 of d:left
# bring up d:lo
# bring up d:left
ip -n typed.d -batch - <<'EOF'
link set dev lo alias patchlab:typed
addr add 10.0.3.2/24 dev left
link set dev lo up
link set dev left up
EOF
