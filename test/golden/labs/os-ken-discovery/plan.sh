#!/bin/sh
# os-ken-discovery: Two OpenFlow switches in guests on a direct cable, a controller that finds the cable by LLDP, and pings between the hosts behind them
# Builds the lab by hand; teardown.sh removes it.
# Its guests boot: only `patchlab up` can start them from a stored state.

: "${PATCHLAB_LIBVIRT_URI:=qemu:///system}"
agent() { virsh -q -c "$PATCHLAB_LIBVIRT_URI" qemu-agent-command "$@"; }

# await_agent DOMAIN [SECONDS]: until the guest answers, two minutes at most where nothing else is said
await_agent() {
  tries=${2:-120}
  until agent "$1" '{"execute":"guest-ping"}' >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "$1 does not answer" >&2; return 1; }
    sleep 1
  done
}

# in_guest DOMAIN PROGRAM ARGUMENT...: run a program in the guest, with this function's standard input
in_guest() {
  domain=$1 program=$2
  shift 2
  words=
  for word; do
    words="$words${words:+,}\"$(printf %s "$word" | sed -z 's/[\\"]/\\&/g; s/\t/\\t/g; s/\n/\\n/g')\""
  done
  pid=$(agent "$domain" "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"$program\",\"arg\":[$words],\"input-data\":\"$(base64 -w0)\",\"capture-output\":true}}" |
    sed 's/.*"pid":\([0-9]*\).*/\1/')
  while :; do
    result=$(agent "$domain" "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":$pid}}")
    case $result in
      *'"exited":true'*'"exitcode":0'* | *'"exitcode":0'*'"exited":true'*) return 0 ;;
      *'"exited":true'*) echo "$domain: $program: $result" >&2; return 1 ;;
    esac
    sleep 0.1
  done
}
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "ve44nz6th9zs",
  "ta94q7h7yn89",
  "ta6qwhwnec2j",
  "veedmwd8ue58",
  "vetqp4fvvqgq",
  "ma7uypt3p937",
  "mac265jwbbgb",
}
define lab_all = {
  $lab,
  "brdav634st27",
}
table arp patchlab.os-ken-discovery {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.os-ken-discovery {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.os-ken-discovery {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of ctl
ip netns add os-ken-discovery.ctl

# ---- devices ----

# let the qemu log of sw1 begin anew, and go with the lab
# let the console log of sw1 begin anew, and go with the lab
# let the qemu log of sw2 begin anew, and go with the lab
# let the console log of sw2 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/os-ken-discovery.sw1.log /var/log/libvirt/qemu/os-ken-discovery.sw1.console.log /var/log/libvirt/qemu/os-ken-discovery.sw2.log /var/log/libvirt/qemu/os-ken-discovery.sw2.console.log

# ctl:eth0: its veth on the host
# mark ctl:eth0 veth as the lab's
# bring ctl:eth0 veth up
# give ctl:eth0 veth a name that people can read
# sw1:eth0: its tap on the host
# mark sw1:eth0 tap as the lab's
# bring sw1:eth0 tap up
# give sw1:eth0 tap a name that people can read
# sw2:eth0: its tap on the host
# mark sw2:eth0 tap as the lab's
# bring sw2:eth0 tap up
# give sw2:eth0 tap a name that people can read
# cable: cable sw1:eth1 - sw2:eth1
# mark sw1:eth1 veth as the lab's
# bring sw1:eth1 veth up
# give sw1:eth1 veth a name that people can read
# mark sw2:eth1 veth as the lab's
# bring sw2:eth1 veth up
# give sw2:eth1 veth a name that people can read
ip -batch - <<'EOF'
link add name ve44nz6th9zs address 02:73:48:73:8e:f0 type veth peer name eth0 netns os-ken-discovery.ctl address 02:7c:71:50:b3:69
link set dev ve44nz6th9zs alias patchlab:os-ken-discovery addrgenmode none
link set dev ve44nz6th9zs up
link property add dev ve44nz6th9zs altname os-ken-discovery.ctl.eth0.veth
tuntap add dev ta94q7h7yn89 mode tap vnet_hdr
link set dev ta94q7h7yn89 alias patchlab:os-ken-discovery address 02:1b:1a:9f:2c:d1 addrgenmode none
link set dev ta94q7h7yn89 up
link property add dev ta94q7h7yn89 altname os-ken-discovery.sw1.eth0.tap
tuntap add dev ta6qwhwnec2j mode tap vnet_hdr
link set dev ta6qwhwnec2j alias patchlab:os-ken-discovery address 02:72:86:d8:0e:67 addrgenmode none
link set dev ta6qwhwnec2j up
link property add dev ta6qwhwnec2j altname os-ken-discovery.sw2.eth0.tap
link add name veedmwd8ue58 address 02:7d:2f:43:4b:24 type veth peer name vetqp4fvvqgq address 02:2a:c8:dc:57:c9
link set dev veedmwd8ue58 alias patchlab:os-ken-discovery addrgenmode none
link set dev veedmwd8ue58 up
link property add dev veedmwd8ue58 altname os-ken-discovery.sw1.eth1.veth
link set dev vetqp4fvvqgq alias patchlab:os-ken-discovery addrgenmode none
link set dev vetqp4fvvqgq up
link property add dev vetqp4fvvqgq altname os-ken-discovery.sw2.eth1.veth
EOF

# ---- switches ----

# control: Linux bridge
# mark control bridge as the lab's
# bring control bridge up
# plug ve44nz6th9zs into the bridge
# plug ta94q7h7yn89 into the bridge
# plug ta6qwhwnec2j into the bridge
ip -batch - <<'EOF'
link add name brdav634st27 address 02:02:7b:d7:8f:b8 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brdav634st27 alias patchlab:os-ken-discovery addrgenmode none
link set dev brdav634st27 up
link set dev ve44nz6th9zs master brdav634st27
link set dev ta94q7h7yn89 master brdav634st27
link set dev ta6qwhwnec2j master brdav634st27
EOF

# ---- guests ----

# boot sw1 (guest switch, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>os-ken-discovery.sw1</name>
  <uuid>34950394-f52a-81e9-a33c-59ec5f7efda1</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="os-ken-discovery" node="sw1"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
  </os>
  <features>
    <acpi/>
  </features>
  <cpu mode="custom" match="exact" check="none">
    <model>qemu64</model>
  </cpu>
  <clock offset="utc"/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type="usb" model="none"/>
    <interface type="ethernet">
      <mac address="02:71:95:95:10:30"/>
      <target dev="ta94q7h7yn89" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="direct">
      <mac address="02:17:c9:23:3b:ca"/>
      <source dev="veedmwd8ue58" mode="passthrough"/>
      <target dev="ma7uypt3p937"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/os-ken-discovery.sw1.console.log" append="off"/>
      <target port="0"/>
    </serial>
    <console type="pty">
      <target type="serial" port="0"/>
    </console>
    <channel type="unix">
      <target type="virtio" name="org.qemu.guest_agent.0"/>
    </channel>
    <memballoon model="none"/>
    <rng model="virtio">
      <backend model="random">/dev/urandom</backend>
    </rng>
  </devices>
</domain>
EOF

# boot sw2 (guest switch, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>os-ken-discovery.sw2</name>
  <uuid>93bb0b68-10df-8e0c-aec1-2b24efd5c9a2</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="os-ken-discovery" node="sw2"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
  </os>
  <features>
    <acpi/>
  </features>
  <cpu mode="custom" match="exact" check="none">
    <model>qemu64</model>
  </cpu>
  <clock offset="utc"/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type="usb" model="none"/>
    <interface type="ethernet">
      <mac address="02:79:3b:54:3c:96"/>
      <target dev="ta6qwhwnec2j" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="direct">
      <mac address="02:d3:27:31:6b:23"/>
      <source dev="vetqp4fvvqgq" mode="passthrough"/>
      <target dev="mac265jwbbgb"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/os-ken-discovery.sw2.console.log" append="off"/>
      <target port="0"/>
    </serial>
    <console type="pty">
      <target type="serial" port="0"/>
    </console>
    <channel type="unix">
      <target type="virtio" name="org.qemu.guest_agent.0"/>
    </channel>
    <memballoon model="none"/>
    <rng model="virtio">
      <backend model="random">/dev/urandom</backend>
    </rng>
  </devices>
</domain>
EOF

# ---- attach ----

# mark sw1:eth1 macvtap and set allmulticast on
# take from sw1:eth1 macvtap the address that the host gave it: it is the guest's
# mark sw2:eth1 macvtap and set allmulticast on
# take from sw2:eth1 macvtap the address that the host gave it: it is the guest's
ip -batch - <<'EOF'
link set dev ma7uypt3p937 alias patchlab:os-ken-discovery allmulticast on addrgenmode none
addr flush dev ma7uypt3p937
link set dev mac265jwbbgb alias patchlab:os-ken-discovery allmulticast on addrgenmode none
addr flush dev mac265jwbbgb
EOF

# ---- inside ----

# mark ctl as the lab's
# address 10.9.0.1/24 of ctl:eth0
# bring up ctl:lo
# bring up ctl:eth0
ip -n os-ken-discovery.ctl -batch - <<'EOF'
link set dev lo alias patchlab:os-ken-discovery
addr add 10.9.0.1/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF

# wait until sw1 answers
await_agent os-ken-discovery.sw1

# wait until sw2 answers
await_agent os-ken-discovery.sw2

# run the controller os-ken in ctl
nsenter --net=/run/netns/os-ken-discovery.ctl -- sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start os-ken-discovery.ctl.controller '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' '' env PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATCHLAB_REPORT=/run/patchlab.os-ken-discovery.ctl.controller.json osken-manager --observe-links --ofp-tcp-listen-port 6653 os_ken.topology.switches /usr/share/patchlab/templates/os-ken/links.py /usr/share/patchlab/templates/os-ken/switch.py

# network namespace sw1/c1
# veth pair p1 - c1:eth0
in_guest os-ken-discovery.sw1 ip -batch - <<'EOF'
netns add c1
link add name p1 address 02:e1:dd:0d:67:8d type veth peer name eth0 netns c1 address 02:32:22:c4:b2:83
EOF

# network namespace sw2/c1
# veth pair p1 - c1:eth0
in_guest os-ken-discovery.sw2 ip -batch - <<'EOF'
netns add c1
link add name p1 address 02:38:07:3c:f2:09 type veth peer name eth0 netns c1 address 02:54:4b:c9:04:55
EOF

# Open vSwitch bridge of
# plug eth1 into port 1 of of
# plug p1 into port 2 of of
in_guest os-ken-discovery.sw1 ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=system fail_mode=secure external_ids:patchlab=os-ken-discovery 'other_config:hwaddr="02:d4:db:3e:b6:65"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of eth1 -- add-port of eth1 -- set interface eth1 ofport_request=1 external_ids:patchlab=os-ken-discovery lldp:enable=false -- set port eth1 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of p1 -- add-port of p1 -- set interface p1 ofport_request=2 external_ids:patchlab=os-ken-discovery lldp:enable=false -- set port p1 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' </dev/null

# Open vSwitch bridge of
# plug eth1 into port 1 of of
# plug p1 into port 2 of of
in_guest os-ken-discovery.sw2 ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=system fail_mode=secure external_ids:patchlab=os-ken-discovery 'other_config:hwaddr="02:40:c1:49:59:8b"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of eth1 -- add-port of eth1 -- set interface eth1 ofport_request=1 external_ids:patchlab=os-ken-discovery lldp:enable=false -- set port eth1 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of p1 -- add-port of p1 -- set interface p1 ofport_request=2 external_ids:patchlab=os-ken-discovery lldp:enable=false -- set port p1 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' </dev/null

# address 10.9.0.11/24 of sw1:eth0
# bring up sw1:lo
# bring up sw1:eth1
# bring up sw1:p1
# bring up sw1:of
# bring up sw1:eth0
in_guest os-ken-discovery.sw1 ip -batch - <<'EOF'
addr add 10.9.0.11/24 dev eth0
link set dev lo up
link set dev eth1 up
link set dev p1 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.12/24 of sw2:eth0
# bring up sw2:lo
# bring up sw2:eth1
# bring up sw2:p1
# bring up sw2:of
# bring up sw2:eth0
in_guest os-ken-discovery.sw2 ip -batch - <<'EOF'
addr add 10.9.0.12/24 dev eth0
link set dev lo up
link set dev eth1 up
link set dev p1 up
link set dev of up
link set dev eth0 up
EOF

# address 10.1.0.1/24 of sw1/c1:eth0
# bring up sw1/c1:lo
# bring up sw1/c1:eth0
in_guest os-ken-discovery.sw1 ip -n c1 -batch - <<'EOF'
addr add 10.1.0.1/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF

# address 10.1.0.2/24 of sw2/c1:eth0
# bring up sw2/c1:lo
# bring up sw2/c1:eth0
in_guest os-ken-discovery.sw2 ip -n c1 -batch - <<'EOF'
addr add 10.1.0.2/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF
