#!/bin/sh
# listed-macs: A port that lists its MACs takes nothing from any other, and one that is not flooded hears only what is for it
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "ve8cr3s2fh5n",
  "ve6ksquwnzf2",
  "vernvw9e4k46",
}
define lab_all = {
  $lab,
  "bry6a6uybf5t",
}
table arp patchlab.listed-macs {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.listed-macs {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.listed-macs {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of server
# network namespace of server/router
# network namespace of server/stranger
# network namespace of other
# network namespace of quiet
ip -batch - <<'EOF'
netns add listed-macs.server
netns add listed-macs.server.router
netns add listed-macs.server.stranger
netns add listed-macs.other
netns add listed-macs.quiet
EOF

# ---- devices ----

# server:eth0: its veth on the host
# mark server:eth0 veth as the lab's
# bring server:eth0 veth up
# give server:eth0 veth a name that people can read
# other:eth1: its veth on the host
# mark other:eth1 veth as the lab's
# bring other:eth1 veth up
# give other:eth1 veth a name that people can read
# quiet:eth1: its veth on the host
# mark quiet:eth1 veth as the lab's
# bring quiet:eth1 veth up
# give quiet:eth1 veth a name that people can read
ip -batch - <<'EOF'
link add name ve8cr3s2fh5n address 02:94:b4:1a:d7:95 type veth peer name eth0 netns listed-macs.server address 02:00:00:00:00:0a
link set dev ve8cr3s2fh5n alias patchlab:listed-macs addrgenmode none
link set dev ve8cr3s2fh5n up
link property add dev ve8cr3s2fh5n altname listed-macs.server.eth0.veth
link add name ve6ksquwnzf2 address 02:14:9a:71:12:0b type veth peer name eth1 netns listed-macs.other address 02:d6:ac:16:e0:bb
link set dev ve6ksquwnzf2 alias patchlab:listed-macs addrgenmode none
link set dev ve6ksquwnzf2 up
link property add dev ve6ksquwnzf2 altname listed-macs.other.eth1.veth
link add name vernvw9e4k46 address 02:a1:0d:f9:a9:3a type veth peer name eth1 netns listed-macs.quiet address 02:f0:9e:56:45:54
link set dev vernvw9e4k46 alias patchlab:listed-macs addrgenmode none
link set dev vernvw9e4k46 up
link property add dev vernvw9e4k46 altname listed-macs.quiet.eth1.veth
EOF

# ---- switches ----

# switch: Linux bridge
# mark switch bridge as the lab's
# bring switch bridge up
# plug ve8cr3s2fh5n into the bridge
# settings of the port ve8cr3s2fh5n
# settings of the port ve8cr3s2fh5n
ip -batch - <<'EOF'
link add name bry6a6uybf5t address 02:9d:bb:87:68:7b type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev bry6a6uybf5t alias patchlab:listed-macs addrgenmode none
link set dev bry6a6uybf5t up
link set dev ve8cr3s2fh5n master bry6a6uybf5t
link set dev ve8cr3s2fh5n type bridge_slave locked on
link set dev ve8cr3s2fh5n type bridge_slave fdb_flush
EOF

# settings of the port ve8cr3s2fh5n
bridge fdb replace 00:00:5e:00:01:33 dev ve8cr3s2fh5n master static sticky

# settings of the port ve8cr3s2fh5n
bridge fdb replace 02:00:00:00:00:0a dev ve8cr3s2fh5n master static sticky

# plug ve6ksquwnzf2 into the bridge
# plug vernvw9e4k46 into the bridge
# settings of the port vernvw9e4k46
ip -batch - <<'EOF'
link set dev ve6ksquwnzf2 master bry6a6uybf5t
link set dev vernvw9e4k46 master bry6a6uybf5t
link set dev vernvw9e4k46 type bridge_slave bcast_flood off
EOF

# ---- inside ----

# mark server as the lab's
ip -n listed-macs.server link set dev lo alias patchlab:listed-macs

# mark other as the lab's
# address 10.0.0.2/24 of other:eth1
# bring up other:lo
# bring up other:eth1
ip -n listed-macs.other -batch - <<'EOF'
link set dev lo alias patchlab:listed-macs
addr add 10.0.0.2/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# mark quiet as the lab's
# address 10.0.0.3/24 of quiet:eth1
# bring up quiet:lo
# bring up quiet:eth1
ip -n listed-macs.quiet -batch - <<'EOF'
link set dev lo alias patchlab:listed-macs
addr add 10.0.0.3/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# mark server/router as the lab's
ip -n listed-macs.server.router link set dev lo alias patchlab:listed-macs

# mark server/stranger as the lab's
ip -n listed-macs.server.stranger link set dev lo alias patchlab:listed-macs

# router:leg: macvlan on eth0
# stranger:leg: macvlan on eth0
# address 10.0.0.1/24 of server:eth0
# bring up server:lo
# bring up server:eth0
ip -n listed-macs.server -batch - <<'EOF'
link add link eth0 name leg netns listed-macs.server.router address 00:00:5e:00:01:33 type macvlan mode private
link add link eth0 name leg netns listed-macs.server.stranger address 02:91:e2:02:86:47 type macvlan mode private
addr add 10.0.0.1/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF

# address 10.0.0.51/24 of server/router:leg
# bring up server/router:lo
# bring up server/router:leg
ip -n listed-macs.server.router -batch - <<'EOF'
addr add 10.0.0.51/24 dev leg
link set dev lo up
link set dev leg up
EOF

# address 10.0.0.66/24 of server/stranger:leg
# bring up server/stranger:lo
# bring up server/stranger:leg
ip -n listed-macs.server.stranger -batch - <<'EOF'
addr add 10.0.0.66/24 dev leg
link set dev lo up
link set dev leg up
EOF
