#!/bin/sh
# carrier: A cable that is unplugged takes the carrier of all that stands on it, and a second cable keeps it
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of sw1
# network namespace of sw2
ip -batch - <<'EOF'
netns add carrier.sw1
netns add carrier.sw2
EOF

# ---- devices ----

# sw1:eth1-sw2:eth1: patch cable
# sw1:eth2-sw2:eth2: patch cable
# sw1:eth3-sw2:eth3: patch cable
# sw1:eth4-sw2:eth4: patch cable
# sw1:eth5-sw2:eth5: patch cable
# sw1:eth6-sw2:eth6: patch cable
# sw1:eth7-sw2:eth7: patch cable
# sw1:eth8-sw2:eth8: patch cable
ip -batch - <<'EOF'
link add name eth1 netns carrier.sw1 address 02:0b:e8:40:1b:52 type veth peer name eth1 netns carrier.sw2 address 02:bb:68:6e:8b:40
link add name eth2 netns carrier.sw1 address 02:be:2e:0b:da:2c type veth peer name eth2 netns carrier.sw2 address 02:8e:b8:a9:5d:e9
link add name eth3 netns carrier.sw1 address 02:89:93:49:73:0b type veth peer name eth3 netns carrier.sw2 address 02:69:b7:e1:d2:a8
link add name eth4 netns carrier.sw1 address 02:55:e5:f6:84:7b type veth peer name eth4 netns carrier.sw2 address 02:2e:7d:cf:74:d2
link add name eth5 netns carrier.sw1 address 02:67:94:85:61:cd type veth peer name eth5 netns carrier.sw2 address 02:96:20:d9:8e:e3
link add name eth6 netns carrier.sw1 address 02:67:79:28:37:74 type veth peer name eth6 netns carrier.sw2 address 02:84:5d:4c:0e:7f
link add name eth7 netns carrier.sw1 address 02:b9:fe:2d:1f:18 type veth peer name eth7 netns carrier.sw2 address 02:f1:c5:d5:1b:1f
link add name eth8 netns carrier.sw1 address 02:ee:a3:10:e6:5f type veth peer name eth8 netns carrier.sw2 address 02:96:73:5b:36:18
EOF

# ---- inside ----

# mark sw1 as the lab's
# bond bond0
# eth1 is a member of bond0
# eth1 is a member of bond0
# eth1 is a member of bond0
# eth2 is a member of bond0
# eth2 is a member of bond0
# eth2 is a member of bond0
# bond0.10: VLAN 10 of bond0
# bond bond1
# eth3 is a member of bond1
# eth3 is a member of bond1
# eth3 is a member of bond1
# eth4 is a member of bond1
# eth4 is a member of bond1
# eth4 is a member of bond1
# bond1.10: VLAN 10 of bond1
# bond bond2
# eth5 is a member of bond2
# eth5 is a member of bond2
# eth5 is a member of bond2
# eth6 is a member of bond2
# eth6 is a member of bond2
# eth6 is a member of bond2
# mv0: macvlan on eth7
# mv1: macvlan on eth8
# dummy device dummy0
# bring up sw1:lo
# bring up sw1:eth1
# bring up sw1:eth2
# bring up sw1:eth3
# bring up sw1:eth4
# bring up sw1:eth5
# bring up sw1:eth6
# bring up sw1:eth7
# bring up sw1:eth8
# bring up sw1:bond0
# bring up sw1:bond0.10
# bring up sw1:bond1
# bring up sw1:bond1.10
# bring up sw1:bond2
# bring up sw1:mv0
# bring up sw1:mv1
# bring up sw1:dummy0
ip -n carrier.sw1 -batch - <<'EOF'
link set dev lo alias patchlab:carrier
link add name bond0 address 02:69:ca:aa:ec:6c type bond mode active-backup miimon 100
link set dev bond0 address 02:69:ca:aa:ec:6c
link set dev eth1 down
link set dev eth1 master bond0
link set dev bond0 address 02:69:ca:aa:ec:6c
link set dev eth2 down
link set dev eth2 master bond0
link add link bond0 name bond0.10 type vlan protocol 802.1Q id 10
link add name bond1 address 02:d8:1e:89:00:62 type bond mode active-backup miimon 100
link set dev bond1 address 02:d8:1e:89:00:62
link set dev eth3 down
link set dev eth3 master bond1
link set dev bond1 address 02:d8:1e:89:00:62
link set dev eth4 down
link set dev eth4 master bond1
link add link bond1 name bond1.10 type vlan protocol 802.1Q id 10
link add name bond2 address 02:b2:db:08:36:cb type bond mode 802.3ad miimon 100 min_links 2
link set dev bond2 address 02:b2:db:08:36:cb
link set dev eth5 down
link set dev eth5 master bond2
link set dev bond2 address 02:b2:db:08:36:cb
link set dev eth6 down
link set dev eth6 master bond2
link add link eth7 name mv0 address 02:01:c8:8c:5d:1d type macvlan mode vepa
link add link eth8 name mv1 address 02:bb:92:16:10:dd type macvlan mode vepa
link add name dummy0 address 02:a0:27:3f:a5:31 type dummy
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
link set dev eth4 up
link set dev eth5 up
link set dev eth6 up
link set dev eth7 up
link set dev eth8 up
link set dev bond0 up
link set dev bond0.10 up
link set dev bond1 up
link set dev bond1.10 up
link set dev bond2 up
link set dev mv0 up
link set dev mv1 up
link set dev dummy0 up
EOF

# mark sw2 as the lab's
# bridge br0
# plug eth1 into br0
# plug eth2 into br0
# bridge br1
# plug eth3 into br1
# plug eth4 into br1
# bridge br2
# address 10.0.0.2/24 of sw2:br0
# bring up sw2:lo
# leave down sw2:eth1
# bring up sw2:eth2
# leave down sw2:eth3
# leave down sw2:eth4
# bring up sw2:eth5
# bring up sw2:eth6
# bring up sw2:eth7
# leave down sw2:eth8
# bring up sw2:br1
# bring up sw2:br2
# bring up sw2:br0
ip -n carrier.sw2 -batch - <<'EOF'
link set dev lo alias patchlab:carrier
link add name br0 address 02:f4:18:a1:b4:18 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev eth1 master br0
link set dev eth2 master br0
link add name br1 address 02:c1:14:4f:b5:30 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev eth3 master br1
link set dev eth4 master br1
link add name br2 address 02:9e:d9:cc:82:57 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
addr add 10.0.0.2/24 dev br0
link set dev lo up
link set dev eth1 down
link set dev eth2 up
link set dev eth3 down
link set dev eth4 down
link set dev eth5 up
link set dev eth6 up
link set dev eth7 up
link set dev eth8 down
link set dev br1 up
link set dev br2 up
link set dev br0 up
EOF
