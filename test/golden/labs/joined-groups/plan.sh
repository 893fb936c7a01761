#!/bin/sh
# joined-groups: A bridge that snoops keeps groups from those who have not joined, but only where somebody asks who has
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "ve5hmtcahbhw",
  "vepypmkjshbz",
  "ve6vyx5vca8g",
  "veszvvtva8qx",
  "veta7td4r34w",
}
define lab_all = {
  $lab,
  "brudk3yscjzc",
  "brge5cevbd5r",
}
table arp patchlab.joined-groups {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.joined-groups {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.joined-groups {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of sender
# network namespace of member
# network namespace of far
# network namespace of behind
ip -batch - <<'EOF'
netns add joined-groups.sender
netns add joined-groups.member
netns add joined-groups.far
netns add joined-groups.behind
EOF

# ---- devices ----

# sender:eth1: its veth on the host
# mark sender:eth1 veth as the lab's
# bring sender:eth1 veth up
# give sender:eth1 veth a name that people can read
# member:eth1: its veth on the host
# mark member:eth1 veth as the lab's
# bring member:eth1 veth up
# give member:eth1 veth a name that people can read
# sender:eth2: its veth on the host
# mark sender:eth2 veth as the lab's
# bring sender:eth2 veth up
# give sender:eth2 veth a name that people can read
# member:eth2: its veth on the host
# mark member:eth2 veth as the lab's
# bring member:eth2 veth up
# give member:eth2 veth a name that people can read
# far:eth1: its veth on the host
# mark far:eth1 veth as the lab's
# bring far:eth1 veth up
# give far:eth1 veth a name that people can read
# far:eth2-behind:eth1: patch cable
ip -batch - <<'EOF'
link add name ve5hmtcahbhw address 02:26:10:05:5f:98 type veth peer name eth1 netns joined-groups.sender address 02:49:54:b3:b1:c0
link set dev ve5hmtcahbhw alias patchlab:joined-groups addrgenmode none
link set dev ve5hmtcahbhw up
link property add dev ve5hmtcahbhw altname joined-groups.sender.eth1.veth
link add name vepypmkjshbz address 02:1a:cf:9a:8e:4a type veth peer name eth1 netns joined-groups.member address 02:34:a2:22:51:d1
link set dev vepypmkjshbz alias patchlab:joined-groups addrgenmode none
link set dev vepypmkjshbz up
link property add dev vepypmkjshbz altname joined-groups.member.eth1.veth
link add name ve6vyx5vca8g address 02:90:82:17:01:30 type veth peer name eth2 netns joined-groups.sender address 02:9e:99:48:24:e3
link set dev ve6vyx5vca8g alias patchlab:joined-groups addrgenmode none
link set dev ve6vyx5vca8g up
link property add dev ve6vyx5vca8g altname joined-groups.sender.eth2.veth
link add name veszvvtva8qx address 02:86:58:f2:1e:1d type veth peer name eth2 netns joined-groups.member address 02:b7:a4:4b:43:6a
link set dev veszvvtva8qx alias patchlab:joined-groups addrgenmode none
link set dev veszvvtva8qx up
link property add dev veszvvtva8qx altname joined-groups.member.eth2.veth
link add name veta7td4r34w address 02:b6:a1:59:08:e8 type veth peer name eth1 netns joined-groups.far address 02:c8:99:97:ee:c1
link set dev veta7td4r34w alias patchlab:joined-groups addrgenmode none
link set dev veta7td4r34w up
link property add dev veta7td4r34w altname joined-groups.far.eth1.veth
link add name eth2 netns joined-groups.far address 02:1a:c4:83:6f:30 type veth peer name eth1 netns joined-groups.behind address 02:be:73:59:19:20
EOF

# ---- switches ----

# silent: Linux bridge
# mark silent bridge as the lab's
# bring silent bridge up
# plug ve5hmtcahbhw into the bridge
# plug vepypmkjshbz into the bridge
# settings of the port vepypmkjshbz
# asking: Linux bridge
# asking: Linux bridge
# mark asking bridge as the lab's
# bring asking bridge up
# plug ve6vyx5vca8g into the bridge
# plug veszvvtva8qx into the bridge
# settings of the port veszvvtva8qx
# plug veta7td4r34w into the bridge
ip -batch - <<'EOF'
link add name brudk3yscjzc address 02:42:46:59:6b:e4 type bridge stp_state 0 mcast_snooping 1 forward_delay 0
link set dev brudk3yscjzc alias patchlab:joined-groups addrgenmode none
link set dev brudk3yscjzc up
link set dev ve5hmtcahbhw master brudk3yscjzc
link set dev vepypmkjshbz master brudk3yscjzc
link set dev vepypmkjshbz type bridge_slave mcast_flood off
link add name brge5cevbd5r address 02:1b:7a:e2:b9:2d type bridge stp_state 0 mcast_snooping 1 forward_delay 0 mcast_query_response_interval 10 mcast_startup_query_interval 100 mcast_startup_query_count 30
link set dev brge5cevbd5r type bridge mcast_querier 1
link set dev brge5cevbd5r alias patchlab:joined-groups addrgenmode none
link set dev brge5cevbd5r up
link set dev ve6vyx5vca8g master brge5cevbd5r
link set dev veszvvtva8qx master brge5cevbd5r
link set dev veszvvtva8qx type bridge_slave mcast_flood off
link set dev veta7td4r34w master brge5cevbd5r
EOF

# ---- inside ----

# mark sender as the lab's
# address 10.0.1.1/24 of sender:eth1
# bring up sender:eth1
# address fd00:1::1/64 of sender:eth1
# address 10.0.2.1/24 of sender:eth2
# bring up sender:eth2
# address fd00:2::1/64 of sender:eth2
# bring up sender:lo
ip -n joined-groups.sender -batch - <<'EOF'
link set dev lo alias patchlab:joined-groups
addr add 10.0.1.1/24 dev eth1
link set dev eth1 up
addr add fd00:1::1/64 dev eth1 nodad
addr add 10.0.2.1/24 dev eth2
link set dev eth2 up
addr add fd00:2::1/64 dev eth2 nodad
link set dev lo up
EOF

# mark member as the lab's
# address 10.0.1.2/24 of member:eth1
# bring up member:eth1
# address fd00:1::2/64 of member:eth1
# address 10.0.2.2/24 of member:eth2
# bring up member:eth2
# address fd00:2::2/64 of member:eth2
# bring up member:lo
ip -n joined-groups.member -batch - <<'EOF'
link set dev lo alias patchlab:joined-groups
addr add 10.0.1.2/24 dev eth1
link set dev eth1 up
addr add fd00:1::2/64 dev eth1 nodad
addr add 10.0.2.2/24 dev eth2
link set dev eth2 up
addr add fd00:2::2/64 dev eth2 nodad
link set dev lo up
EOF

# mark far as the lab's
# bridge br0
# plug eth1 into br0
# plug eth2 into br0
# plug eth2 into br0
# bring up far:lo
# bring up far:eth1
# bring up far:eth2
# bring up far:br0
ip -n joined-groups.far -batch - <<'EOF'
link set dev lo alias patchlab:joined-groups
link add name br0 address 02:4e:f6:2c:2f:60 type bridge stp_state 0 mcast_snooping 1 forward_delay 0
link set dev eth1 master br0
link set dev eth2 master br0
link set dev eth2 type bridge_slave mcast_flood off
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev br0 up
EOF

# mark behind as the lab's
# address 10.0.2.3/24 of behind:eth1
# bring up behind:eth1
# address fd00:2::3/64 of behind:eth1
# bring up behind:lo
ip -n joined-groups.behind -batch - <<'EOF'
link set dev lo alias patchlab:joined-groups
addr add 10.0.2.3/24 dev eth1
link set dev eth1 up
addr add fd00:2::3/64 dev eth1 nodad
link set dev lo up
EOF
