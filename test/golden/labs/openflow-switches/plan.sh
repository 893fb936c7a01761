#!/bin/sh
# openflow-switches: Two OpenFlow switches in guests on a direct cable carry pings by their flows, and an ordinary bridge beside them eats the LLDP by which a controller would find the cable
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

# ---- devices ----

# let the qemu log of sw1 begin anew, and go with the lab
# let the console log of sw1 begin anew, and go with the lab
# let the qemu log of sw2 begin anew, and go with the lab
# let the console log of sw2 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/openflow-switches.sw1.log /var/log/libvirt/qemu/openflow-switches.sw1.console.log /var/log/libvirt/qemu/openflow-switches.sw2.log /var/log/libvirt/qemu/openflow-switches.sw2.console.log

# ---- guests ----

# boot sw1 (guest switch, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>openflow-switches.sw1</name>
  <uuid>b0c45648-cdd9-8a69-a8b5-0ed833d87afd</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="openflow-switches" node="sw1"/>
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
    <interface type="udp">
      <mac address="02:eb:48:29:3b:46"/>
      <source address="127.0.0.1" port="17419">
        <local address="127.0.0.1" port="17418"/>
      </source>
      <model type="virtio"/>
    </interface>
    <interface type="udp">
      <mac address="02:d0:b1:f3:03:56"/>
      <source address="127.0.0.1" port="17839">
        <local address="127.0.0.1" port="17838"/>
      </source>
      <model type="virtio"/>
    </interface>
    <interface type="udp">
      <mac address="02:98:98:a3:96:a4"/>
      <source address="127.0.0.1" port="18453">
        <local address="127.0.0.1" port="18452"/>
      </source>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/openflow-switches.sw1.console.log" append="off"/>
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
  <name>openflow-switches.sw2</name>
  <uuid>3247fc1d-3347-8612-a079-bd95d4dd00d6</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="openflow-switches" node="sw2"/>
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
    <interface type="udp">
      <mac address="02:48:b2:6b:3e:3f"/>
      <source address="127.0.0.1" port="17418">
        <local address="127.0.0.1" port="17419"/>
      </source>
      <model type="virtio"/>
    </interface>
    <interface type="udp">
      <mac address="02:cc:68:bc:71:87"/>
      <source address="127.0.0.1" port="17838">
        <local address="127.0.0.1" port="17839"/>
      </source>
      <model type="virtio"/>
    </interface>
    <interface type="udp">
      <mac address="02:1d:5e:d5:5d:bc"/>
      <source address="127.0.0.1" port="18452">
        <local address="127.0.0.1" port="18453"/>
      </source>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/openflow-switches.sw2.console.log" append="off"/>
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

# ---- inside ----

# wait until sw1 answers
await_agent openflow-switches.sw1

# wait until sw2 answers
await_agent openflow-switches.sw2

# network namespace sw1/h1
# network namespace sw1/h2
# network namespace sw1/h3
# veth pair p1 - h1:eth1
# veth pair p2 - h2:eth1
# veth pair p3 - h3:eth1
in_guest openflow-switches.sw1 ip -batch - <<'EOF'
netns add h1
netns add h2
netns add h3
link add name p1 address 02:1c:c9:02:17:a8 type veth peer name eth1 netns h1 address 02:df:71:e6:9a:69
link add name p2 address 02:89:8b:19:3f:2b type veth peer name eth1 netns h2 address 02:95:e5:0e:04:fa
link add name p3 address 02:c8:48:e7:75:74 type veth peer name eth1 netns h3 address 02:70:47:48:5b:fa
EOF

# network namespace sw2/h1
# network namespace sw2/h2
# network namespace sw2/h3
# veth pair p1 - h1:eth1
# veth pair p2 - h2:eth1
# veth pair p3 - h3:eth1
in_guest openflow-switches.sw2 ip -batch - <<'EOF'
netns add h1
netns add h2
netns add h3
link add name p1 address 02:af:d4:14:fe:83 type veth peer name eth1 netns h1 address 02:73:39:f9:0e:18
link add name p2 address 02:b2:8a:6b:7c:b6 type veth peer name eth1 netns h2 address 02:b5:5a:31:28:27
link add name p3 address 02:8b:61:f0:1e:c5 type veth peer name eth1 netns h3 address 02:4c:c0:3e:45:b0
EOF

# Open vSwitch bridge of
# plug eth1 into port 1 of of
# plug p1 into port 10 of of
in_guest openflow-switches.sw1 ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=system fail_mode=secure external_ids:patchlab=openflow-switches 'other_config:hwaddr="02:9c:d1:3b:68:3b"' other_config:forward-bpdu=false protocols=OpenFlow13 -- set bridge of 'controller=[]' -- --if-exists del-port of eth1 -- add-port of eth1 -- set interface eth1 ofport_request=1 external_ids:patchlab=openflow-switches lldp:enable=false -- set port eth1 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of p1 -- add-port of p1 -- set interface p1 ofport_request=10 external_ids:patchlab=openflow-switches lldp:enable=false -- set port p1 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' </dev/null

# Open vSwitch bridge of
# plug eth1 into port 1 of of
# plug p1 into port 10 of of
in_guest openflow-switches.sw2 ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=system fail_mode=secure external_ids:patchlab=openflow-switches 'other_config:hwaddr="02:d1:f9:a9:3b:ea"' other_config:forward-bpdu=false protocols=OpenFlow13 -- set bridge of 'controller=[]' -- --if-exists del-port of eth1 -- add-port of eth1 -- set interface eth1 ofport_request=1 external_ids:patchlab=openflow-switches lldp:enable=false -- set port eth1 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of p1 -- add-port of p1 -- set interface p1 ofport_request=10 external_ids:patchlab=openflow-switches lldp:enable=false -- set port p1 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' </dev/null

# of: priority=10,in_port=p1,actions=output:eth1
# of: priority=10,in_port=eth1,actions=output:p1
in_guest openflow-switches.sw1 ovs-ofctl -O OpenFlow13 --bundle add-flows of - <<'EOF'
priority=10,in_port=10,actions=output:1
priority=10,in_port=1,actions=output:10
EOF

# of: priority=10,in_port=p1,actions=output:eth1
# of: priority=10,in_port=eth1,actions=output:p1
in_guest openflow-switches.sw2 ovs-ofctl -O OpenFlow13 --bundle add-flows of - <<'EOF'
priority=10,in_port=10,actions=output:1
priority=10,in_port=1,actions=output:10
EOF

# Open vSwitch bridge normal
# plug eth2 into port 1 of normal
# plug p2 into port 2 of normal
# Open vSwitch bridge open
# plug eth3 into port 1 of open
# plug p3 into port 2 of open
in_guest openflow-switches.sw1 ovs-vsctl --timeout=30 -- add-br normal -- set bridge normal datapath_type=system fail_mode=standalone external_ids:patchlab=openflow-switches 'other_config:hwaddr="02:d4:40:02:ad:17"' other_config:forward-bpdu=false 'protocols=[]' -- set bridge normal 'controller=[]' -- --if-exists del-port normal eth2 -- add-port normal eth2 -- set interface eth2 ofport_request=1 external_ids:patchlab=openflow-switches lldp:enable=false -- set port eth2 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port normal p2 -- add-port normal p2 -- set interface p2 ofport_request=2 external_ids:patchlab=openflow-switches lldp:enable=false -- set port p2 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- add-br open -- set bridge open datapath_type=system fail_mode=standalone external_ids:patchlab=openflow-switches 'other_config:hwaddr="02:f2:46:fe:08:2d"' other_config:forward-bpdu=true 'protocols=[]' -- set bridge open 'controller=[]' -- --if-exists del-port open eth3 -- add-port open eth3 -- set interface eth3 ofport_request=1 external_ids:patchlab=openflow-switches lldp:enable=false -- set port eth3 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port open p3 -- add-port open p3 -- set interface p3 ofport_request=2 external_ids:patchlab=openflow-switches lldp:enable=false -- set port p3 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' </dev/null

# Open vSwitch bridge normal
# plug eth2 into port 1 of normal
# plug p2 into port 2 of normal
# Open vSwitch bridge open
# plug eth3 into port 1 of open
# plug p3 into port 2 of open
in_guest openflow-switches.sw2 ovs-vsctl --timeout=30 -- add-br normal -- set bridge normal datapath_type=system fail_mode=standalone external_ids:patchlab=openflow-switches 'other_config:hwaddr="02:b9:c7:28:0b:d0"' other_config:forward-bpdu=false 'protocols=[]' -- set bridge normal 'controller=[]' -- --if-exists del-port normal eth2 -- add-port normal eth2 -- set interface eth2 ofport_request=1 external_ids:patchlab=openflow-switches lldp:enable=false -- set port eth2 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port normal p2 -- add-port normal p2 -- set interface p2 ofport_request=2 external_ids:patchlab=openflow-switches lldp:enable=false -- set port p2 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- add-br open -- set bridge open datapath_type=system fail_mode=standalone external_ids:patchlab=openflow-switches 'other_config:hwaddr="02:05:79:63:ba:a5"' other_config:forward-bpdu=true 'protocols=[]' -- set bridge open 'controller=[]' -- --if-exists del-port open eth3 -- add-port open eth3 -- set interface eth3 ofport_request=1 external_ids:patchlab=openflow-switches lldp:enable=false -- set port eth3 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port open p3 -- add-port open p3 -- set interface p3 ofport_request=2 external_ids:patchlab=openflow-switches lldp:enable=false -- set port p3 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' </dev/null

# bring up sw1:lo
# bring up sw1:eth1
# bring up sw1:eth2
# bring up sw1:eth3
# bring up sw1:p1
# bring up sw1:p2
# bring up sw1:p3
# bring up sw1:of
# bring up sw1:normal
# bring up sw1:open
in_guest openflow-switches.sw1 ip -batch - <<'EOF'
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
link set dev p1 up
link set dev p2 up
link set dev p3 up
link set dev of up
link set dev normal up
link set dev open up
EOF

# bring up sw2:lo
# bring up sw2:eth1
# bring up sw2:eth2
# bring up sw2:eth3
# bring up sw2:p1
# bring up sw2:p2
# bring up sw2:p3
# bring up sw2:of
# bring up sw2:normal
# bring up sw2:open
in_guest openflow-switches.sw2 ip -batch - <<'EOF'
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
link set dev p1 up
link set dev p2 up
link set dev p3 up
link set dev of up
link set dev normal up
link set dev open up
EOF

# address 10.0.1.1/24 of sw1/h1:eth1
# bring up sw1/h1:lo
# bring up sw1/h1:eth1
in_guest openflow-switches.sw1 ip -n h1 -batch - <<'EOF'
addr add 10.0.1.1/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# address 10.0.1.2/24 of sw2/h1:eth1
# bring up sw2/h1:lo
# bring up sw2/h1:eth1
in_guest openflow-switches.sw2 ip -n h1 -batch - <<'EOF'
addr add 10.0.1.2/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# address 10.0.2.1/24 of sw1/h2:eth1
# bring up sw1/h2:lo
# bring up sw1/h2:eth1
in_guest openflow-switches.sw1 ip -n h2 -batch - <<'EOF'
addr add 10.0.2.1/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# address 10.0.2.2/24 of sw2/h2:eth1
# bring up sw2/h2:lo
# bring up sw2/h2:eth1
in_guest openflow-switches.sw2 ip -n h2 -batch - <<'EOF'
addr add 10.0.2.2/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# bring up sw1/h3:lo
# bring up sw1/h3:eth1
in_guest openflow-switches.sw1 ip -n h3 -batch - <<'EOF'
link set dev lo up
link set dev eth1 up
EOF

# bring up sw2/h3:lo
# bring up sw2/h3:eth1
in_guest openflow-switches.sw2 ip -n h3 -batch - <<'EOF'
link set dev lo up
link set dev eth1 up
EOF
