#!/bin/sh
# bridge-eats-lldp: A Linux bridge hands on ARP and ICMP but eats LLDP, until its port mask lets it through
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "vebjfmf8gwaa",
  "veq2i6aj3af8",
  "vecgmx5s5ezs",
  "verh4yud8jqy",
}
define lab_all = {
  $lab,
  "br3ejnsvku83",
  "brszgnac8wgm",
}
table arp patchlab.bridge-eats-lldp {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.bridge-eats-lldp {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.bridge-eats-lldp {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of a
# network namespace of b
ip -batch - <<'EOF'
netns add bridge-eats-lldp.a
netns add bridge-eats-lldp.b
EOF

# ---- devices ----

# a:eth1: its veth on the host
# mark a:eth1 veth as the lab's
# bring a:eth1 veth up
# give a:eth1 veth a name that people can read
# b:eth1: its veth on the host
# mark b:eth1 veth as the lab's
# bring b:eth1 veth up
# give b:eth1 veth a name that people can read
# a:eth2: its veth on the host
# mark a:eth2 veth as the lab's
# bring a:eth2 veth up
# give a:eth2 veth a name that people can read
# b:eth2: its veth on the host
# mark b:eth2 veth as the lab's
# bring b:eth2 veth up
# give b:eth2 veth a name that people can read
ip -batch - <<'EOF'
link add name vebjfmf8gwaa address 02:4e:4f:df:7e:55 type veth peer name eth1 netns bridge-eats-lldp.a address 02:19:c0:2e:e1:90
link set dev vebjfmf8gwaa alias patchlab:bridge-eats-lldp addrgenmode none
link set dev vebjfmf8gwaa up
link property add dev vebjfmf8gwaa altname bridge-eats-lldp.a.eth1.veth
link add name veq2i6aj3af8 address 02:f4:77:23:59:fe type veth peer name eth1 netns bridge-eats-lldp.b address 02:91:19:12:db:31
link set dev veq2i6aj3af8 alias patchlab:bridge-eats-lldp addrgenmode none
link set dev veq2i6aj3af8 up
link property add dev veq2i6aj3af8 altname bridge-eats-lldp.b.eth1.veth
link add name vecgmx5s5ezs address 02:da:f0:e3:20:83 type veth peer name eth2 netns bridge-eats-lldp.a address 02:bc:fa:26:62:6f
link set dev vecgmx5s5ezs alias patchlab:bridge-eats-lldp addrgenmode none
link set dev vecgmx5s5ezs up
link property add dev vecgmx5s5ezs altname bridge-eats-lldp.a.eth2.veth
link add name verh4yud8jqy address 02:e1:be:23:86:5a type veth peer name eth2 netns bridge-eats-lldp.b address 02:fc:8c:93:43:2f
link set dev verh4yud8jqy alias patchlab:bridge-eats-lldp addrgenmode none
link set dev verh4yud8jqy up
link property add dev verh4yud8jqy altname bridge-eats-lldp.b.eth2.veth
EOF

# ---- switches ----

# plain: Linux bridge
# mark plain bridge as the lab's
# bring plain bridge up
# plug vebjfmf8gwaa into the bridge
# plug veq2i6aj3af8 into the bridge
# masked: Linux bridge
# mark masked bridge as the lab's
# bring masked bridge up
# plug vecgmx5s5ezs into the bridge
# settings of the port vecgmx5s5ezs
# plug verh4yud8jqy into the bridge
# settings of the port verh4yud8jqy
ip -batch - <<'EOF'
link add name br3ejnsvku83 address 02:e3:49:34:13:f5 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev br3ejnsvku83 alias patchlab:bridge-eats-lldp addrgenmode none
link set dev br3ejnsvku83 up
link set dev vebjfmf8gwaa master br3ejnsvku83
link set dev veq2i6aj3af8 master br3ejnsvku83
link add name brszgnac8wgm address 02:b1:52:a5:92:d6 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brszgnac8wgm alias patchlab:bridge-eats-lldp addrgenmode none
link set dev brszgnac8wgm up
link set dev vecgmx5s5ezs master brszgnac8wgm
link set dev vecgmx5s5ezs type bridge_slave group_fwd_mask 0x4000
link set dev verh4yud8jqy master brszgnac8wgm
link set dev verh4yud8jqy type bridge_slave group_fwd_mask 0x4000
EOF

# ---- inside ----

# mark a as the lab's
# address 10.0.1.1/24 of a:eth1
# address 10.0.2.1/24 of a:eth2
# bring up a:lo
# bring up a:eth1
# bring up a:eth2
ip -n bridge-eats-lldp.a -batch - <<'EOF'
link set dev lo alias patchlab:bridge-eats-lldp
addr add 10.0.1.1/24 dev eth1
addr add 10.0.2.1/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# mark b as the lab's
# address 10.0.1.2/24 of b:eth1
# address 10.0.2.2/24 of b:eth2
# bring up b:lo
# bring up b:eth1
# bring up b:eth2
ip -n bridge-eats-lldp.b -batch - <<'EOF'
link set dev lo alias patchlab:bridge-eats-lldp
addr add 10.0.1.2/24 dev eth1
addr add 10.0.2.2/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF
