#!/bin/sh
# macvlan-five: The five modes of macvlan side by side, each with two namespaces on one device and a neighbour that reflects
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of host
# network namespace of host/private-a
# network namespace of host/private-b
# network namespace of host/vepa-a
# network namespace of host/vepa-b
# network namespace of host/bridge-a
# network namespace of host/bridge-b
# network namespace of host/passthru-a
# network namespace of host/source-a
# network namespace of host/source-b
# network namespace of wire
# network namespace of stranger
ip -batch - <<'EOF'
netns add macvlan-five.host
netns add macvlan-five.host.private-a
netns add macvlan-five.host.private-b
netns add macvlan-five.host.vepa-a
netns add macvlan-five.host.vepa-b
netns add macvlan-five.host.bridge-a
netns add macvlan-five.host.bridge-b
netns add macvlan-five.host.passthru-a
netns add macvlan-five.host.source-a
netns add macvlan-five.host.source-b
netns add macvlan-five.wire
netns add macvlan-five.stranger
EOF

# ---- devices ----

# host:p1-wire:p1: patch cable
# host:p2-wire:p2: patch cable
# host:p3-wire:p3: patch cable
# host:p4-wire:p4: patch cable
# host:p5-wire:p5: patch cable
# stranger:eth0-wire:sup: patch cable
ip -batch - <<'EOF'
link add name p1 netns macvlan-five.host address 02:21:3b:33:66:d5 type veth peer name p1 netns macvlan-five.wire address 02:21:99:c8:7e:bb
link add name p2 netns macvlan-five.host address 02:b4:db:1e:38:aa type veth peer name p2 netns macvlan-five.wire address 02:cf:35:1f:d6:d9
link add name p3 netns macvlan-five.host address 02:0f:c6:e1:9d:71 type veth peer name p3 netns macvlan-five.wire address 02:e3:75:73:80:59
link add name p4 netns macvlan-five.host address 02:2f:f8:ec:72:77 type veth peer name p4 netns macvlan-five.wire address 02:92:ae:46:b5:af
link add name p5 netns macvlan-five.host address 02:bd:7a:43:c0:a8 type veth peer name p5 netns macvlan-five.wire address 02:b3:5b:78:00:37
link add name eth0 netns macvlan-five.stranger address 02:00:00:00:05:08 type veth peer name sup netns macvlan-five.wire address 02:a4:1a:b3:50:6a
EOF

# ---- inside ----

# mark host as the lab's
ip -n macvlan-five.host link set dev lo alias patchlab:macvlan-five

# mark wire as the lab's
# bridge br1
# plug p1 into br1
# plug p1 into br1
# bridge br2
# plug p2 into br2
# plug p2 into br2
# bridge br3
# plug p3 into br3
# plug p3 into br3
# bridge br4
# plug p4 into br4
# plug p4 into br4
# bridge br5
# plug p5 into br5
# plug p5 into br5
# plug sup into br5
# address 10.0.1.9/24 of wire:br1
# address 10.0.2.9/24 of wire:br2
# address 10.0.3.9/24 of wire:br3
# address 10.0.4.9/24 of wire:br4
# address 10.0.5.9/24 of wire:br5
# bring up wire:lo
# bring up wire:p1
# bring up wire:p2
# bring up wire:p3
# bring up wire:p4
# bring up wire:p5
# bring up wire:sup
# bring up wire:br1
# bring up wire:br2
# bring up wire:br3
# bring up wire:br4
# bring up wire:br5
ip -n macvlan-five.wire -batch - <<'EOF'
link set dev lo alias patchlab:macvlan-five
link add name br1 address 02:7c:09:73:06:9f type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev p1 master br1
link set dev p1 type bridge_slave hairpin on
link add name br2 address 02:e8:33:48:2f:89 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev p2 master br2
link set dev p2 type bridge_slave hairpin on
link add name br3 address 02:a4:87:75:74:a7 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev p3 master br3
link set dev p3 type bridge_slave hairpin on
link add name br4 address 02:8b:1d:3b:01:cf type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev p4 master br4
link set dev p4 type bridge_slave hairpin on
link add name br5 address 02:00:00:00:05:09 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev p5 master br5
link set dev p5 type bridge_slave hairpin on
link set dev sup master br5
addr add 10.0.1.9/24 dev br1
addr add 10.0.2.9/24 dev br2
addr add 10.0.3.9/24 dev br3
addr add 10.0.4.9/24 dev br4
addr add 10.0.5.9/24 dev br5
link set dev lo up
link set dev p1 up
link set dev p2 up
link set dev p3 up
link set dev p4 up
link set dev p5 up
link set dev sup up
link set dev br1 up
link set dev br2 up
link set dev br3 up
link set dev br4 up
link set dev br5 up
EOF

# mark stranger as the lab's
# address 10.0.5.8/24 of stranger:eth0
# bring up stranger:lo
# bring up stranger:eth0
ip -n macvlan-five.stranger -batch - <<'EOF'
link set dev lo alias patchlab:macvlan-five
addr add 10.0.5.8/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF

# mark host/private-a as the lab's
ip -n macvlan-five.host.private-a link set dev lo alias patchlab:macvlan-five

# mark host/private-b as the lab's
ip -n macvlan-five.host.private-b link set dev lo alias patchlab:macvlan-five

# mark host/vepa-a as the lab's
ip -n macvlan-five.host.vepa-a link set dev lo alias patchlab:macvlan-five

# mark host/vepa-b as the lab's
ip -n macvlan-five.host.vepa-b link set dev lo alias patchlab:macvlan-five

# mark host/bridge-a as the lab's
ip -n macvlan-five.host.bridge-a link set dev lo alias patchlab:macvlan-five

# mark host/bridge-b as the lab's
ip -n macvlan-five.host.bridge-b link set dev lo alias patchlab:macvlan-five

# mark host/passthru-a as the lab's
ip -n macvlan-five.host.passthru-a link set dev lo alias patchlab:macvlan-five

# mark host/source-a as the lab's
ip -n macvlan-five.host.source-a link set dev lo alias patchlab:macvlan-five

# mark host/source-b as the lab's
ip -n macvlan-five.host.source-b link set dev lo alias patchlab:macvlan-five

# private-a:m0: macvlan on p1
# private-b:m0: macvlan on p1
# vepa-a:m0: macvlan on p2
# vepa-b:m0: macvlan on p2
# bridge-a:m0: macvlan on p3
# bridge-b:m0: macvlan on p3
# passthru-a:m0: macvlan on p4
# source-a:m0: macvlan on p5
# source-b:m0: macvlan on p5
# bring up host:lo
# bring up host:p1
# bring up host:p2
# bring up host:p3
# bring up host:p4
# bring up host:p5
ip -n macvlan-five.host -batch - <<'EOF'
link add link p1 name m0 netns macvlan-five.host.private-a address 02:10:29:0d:1f:ce type macvlan mode private
link add link p1 name m0 netns macvlan-five.host.private-b address 02:d7:11:b4:a2:1d type macvlan mode private
link add link p2 name m0 netns macvlan-five.host.vepa-a address 02:60:7d:ec:a3:eb type macvlan mode vepa
link add link p2 name m0 netns macvlan-five.host.vepa-b address 02:c9:4b:16:f8:03 type macvlan mode vepa
link add link p3 name m0 netns macvlan-five.host.bridge-a address 02:67:11:bc:f3:de type macvlan mode bridge
link add link p3 name m0 netns macvlan-five.host.bridge-b address 02:61:66:38:be:ed type macvlan mode bridge
link add link p4 name m0 netns macvlan-five.host.passthru-a type macvlan mode passthru
link add link p5 name m0 netns macvlan-five.host.source-a address 02:d8:36:b3:33:a6 type macvlan mode source macaddr set 02:00:00:00:05:08 02:00:00:00:05:09
link add link p5 name m0 netns macvlan-five.host.source-b address 02:6f:65:41:8d:3e type macvlan mode source macaddr set 02:00:00:00:05:09
link set dev lo up
link set dev p1 up
link set dev p2 up
link set dev p3 up
link set dev p4 up
link set dev p5 up
EOF

# address 10.0.1.1/24 of host/private-a:m0
# bring up host/private-a:lo
# bring up host/private-a:m0
ip -n macvlan-five.host.private-a -batch - <<'EOF'
addr add 10.0.1.1/24 dev m0
link set dev lo up
link set dev m0 up
EOF

# address 10.0.1.2/24 of host/private-b:m0
# bring up host/private-b:lo
# bring up host/private-b:m0
ip -n macvlan-five.host.private-b -batch - <<'EOF'
addr add 10.0.1.2/24 dev m0
link set dev lo up
link set dev m0 up
EOF

# address 10.0.2.1/24 of host/vepa-a:m0
# bring up host/vepa-a:lo
# bring up host/vepa-a:m0
ip -n macvlan-five.host.vepa-a -batch - <<'EOF'
addr add 10.0.2.1/24 dev m0
link set dev lo up
link set dev m0 up
EOF

# address 10.0.2.2/24 of host/vepa-b:m0
# bring up host/vepa-b:lo
# bring up host/vepa-b:m0
ip -n macvlan-five.host.vepa-b -batch - <<'EOF'
addr add 10.0.2.2/24 dev m0
link set dev lo up
link set dev m0 up
EOF

# address 10.0.3.1/24 of host/bridge-a:m0
# bring up host/bridge-a:lo
# bring up host/bridge-a:m0
ip -n macvlan-five.host.bridge-a -batch - <<'EOF'
addr add 10.0.3.1/24 dev m0
link set dev lo up
link set dev m0 up
EOF

# address 10.0.3.2/24 of host/bridge-b:m0
# bring up host/bridge-b:lo
# bring up host/bridge-b:m0
ip -n macvlan-five.host.bridge-b -batch - <<'EOF'
addr add 10.0.3.2/24 dev m0
link set dev lo up
link set dev m0 up
EOF

# address 10.0.4.1/24 of host/passthru-a:m0
# bring up host/passthru-a:lo
# bring up host/passthru-a:m0
ip -n macvlan-five.host.passthru-a -batch - <<'EOF'
addr add 10.0.4.1/24 dev m0
link set dev lo up
link set dev m0 up
EOF

# address 10.0.5.1/24 of host/source-a:m0
# bring up host/source-a:lo
# bring up host/source-a:m0
ip -n macvlan-five.host.source-a -batch - <<'EOF'
addr add 10.0.5.1/24 dev m0
link set dev lo up
link set dev m0 up
EOF

# address 10.0.5.2/24 of host/source-b:m0
# bring up host/source-b:lo
# bring up host/source-b:m0
ip -n macvlan-five.host.source-b -batch - <<'EOF'
addr add 10.0.5.2/24 dev m0
link set dev lo up
link set dev m0 up
EOF
