#!/bin/sh
# ovs-patch-panel: Through an Open vSwitch patch panel with static flows LLDP, ARP and ICMP all pass, containers included
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
  "tanztaq4tbaa",
  "tavr5jh7fwxk",
  "ovi6ae3td637",
}
define lab_all = {
  $lab,
}
table arp patchlab.ovs-patch-panel {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.ovs-patch-panel {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.ovs-patch-panel {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# ---- devices ----

# let the qemu log of sw1 begin anew, and go with the lab
# let the console log of sw1 begin anew, and go with the lab
# let the qemu log of sw2 begin anew, and go with the lab
# let the console log of sw2 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/ovs-patch-panel.sw1.log /var/log/libvirt/qemu/ovs-patch-panel.sw1.console.log /var/log/libvirt/qemu/ovs-patch-panel.sw2.log /var/log/libvirt/qemu/ovs-patch-panel.sw2.console.log

# sw1:eth1: its tap on the host
# mark sw1:eth1 tap as the lab's
# bring sw1:eth1 tap up
# give sw1:eth1 tap a name that people can read
# sw2:eth1: its tap on the host
# mark sw2:eth1 tap as the lab's
# bring sw2:eth1 tap up
# give sw2:eth1 tap a name that people can read
ip -batch - <<'EOF'
tuntap add dev tanztaq4tbaa mode tap vnet_hdr
link set dev tanztaq4tbaa alias patchlab:ovs-patch-panel address 02:a5:9d:93:8b:89 addrgenmode none
link set dev tanztaq4tbaa up
link property add dev tanztaq4tbaa altname ovs-patch-panel.sw1.eth1.tap
tuntap add dev tavr5jh7fwxk mode tap vnet_hdr
link set dev tavr5jh7fwxk alias patchlab:ovs-patch-panel address 02:0b:96:50:c7:ec addrgenmode none
link set dev tavr5jh7fwxk up
link property add dev tavr5jh7fwxk altname ovs-patch-panel.sw2.eth1.tap
EOF

# ---- switches ----

# sw1:eth1-sw2:eth1: patch panel
# plug tanztaq4tbaa into port 6104 of the bridge
# plug tavr5jh7fwxk into port 6431 of the bridge
ovs-vsctl --timeout=30 -- add-br ovi6ae3td637 -- set bridge ovi6ae3td637 datapath_type=netdev fail_mode=secure external_ids:patchlab=ovs-patch-panel 'other_config:hwaddr="02:6c:93:3b:d1:d2"' -- add-port ovi6ae3td637 tanztaq4tbaa -- set interface tanztaq4tbaa ofport_request=6104 external_ids:patchlab=ovs-patch-panel -- add-port ovi6ae3td637 tavr5jh7fwxk -- set interface tavr5jh7fwxk ofport_request=6431 external_ids:patchlab=ovs-patch-panel

# ---- flows ----

# what enters by sw1:eth1 leaves by sw2:eth1
# what enters by sw2:eth1 leaves by sw1:eth1
ovs-ofctl --bundle add-flows ovi6ae3td637 - <<'EOF'
priority=100,in_port=6104,actions=output:6431
priority=100,in_port=6431,actions=output:6104
EOF

# ---- guests ----

# boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>ovs-patch-panel.sw1</name>
  <uuid>ffee01a2-afc4-897c-aac6-d9817a56b711</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="ovs-patch-panel" node="sw1"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw1 patchlab.nics=02:21:d8:80:c2:6b=eth1</cmdline>
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
      <mac address="02:21:d8:80:c2:6b"/>
      <target dev="tanztaq4tbaa" managed="no"/>
      <driver>
        <host csum="off" tso4="off" tso6="off" ecn="off" ufo="off" gso="off"/>
        <guest csum="off" tso4="off" tso6="off" ecn="off" ufo="off"/>
      </driver>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/ovs-patch-panel.sw1.console.log" append="off"/>
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

# boot sw2 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>ovs-patch-panel.sw2</name>
  <uuid>57a1d50e-4cd3-8b6f-a413-80bdd541bc72</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="ovs-patch-panel" node="sw2"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw2 patchlab.nics=02:bb:67:13:b2:93=eth1</cmdline>
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
      <mac address="02:bb:67:13:b2:93"/>
      <target dev="tavr5jh7fwxk" managed="no"/>
      <driver>
        <host csum="off" tso4="off" tso6="off" ecn="off" ufo="off" gso="off"/>
        <guest csum="off" tso4="off" tso6="off" ecn="off" ufo="off"/>
      </driver>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/ovs-patch-panel.sw2.console.log" append="off"/>
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
await_agent ovs-patch-panel.sw1

# wait until sw2 answers
await_agent ovs-patch-panel.sw2

# network namespace sw1/c1
# veth pair c1up - c1:eth0
# bridge br0
# plug eth1 into br0
# plug c1up into br0
# bring up sw1:lo
# bring up sw1:eth1
# bring up sw1:c1up
# bring up sw1:br0
in_guest ovs-patch-panel.sw1 ip -batch - <<'EOF'
netns add c1
link add name c1up address 02:20:0f:33:ef:83 type veth peer name eth0 netns c1 address 02:50:38:22:02:bb
link add name br0 address 02:d4:11:ef:19:d5 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev eth1 master br0
link set dev c1up master br0
link set dev lo up
link set dev eth1 up
link set dev c1up up
link set dev br0 up
EOF

# network namespace sw2/c1
# veth pair c1up - c1:eth0
# bridge br0
# plug eth1 into br0
# plug c1up into br0
# bring up sw2:lo
# bring up sw2:eth1
# bring up sw2:c1up
# bring up sw2:br0
in_guest ovs-patch-panel.sw2 ip -batch - <<'EOF'
netns add c1
link add name c1up address 02:75:b0:c0:84:14 type veth peer name eth0 netns c1 address 02:a9:b7:e6:16:cd
link add name br0 address 02:42:68:a1:6d:bc type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev eth1 master br0
link set dev c1up master br0
link set dev lo up
link set dev eth1 up
link set dev c1up up
link set dev br0 up
EOF

# address 10.1.0.1/24 of sw1/c1:eth0
# bring up sw1/c1:lo
# bring up sw1/c1:eth0
in_guest ovs-patch-panel.sw1 ip -n c1 -batch - <<'EOF'
addr add 10.1.0.1/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF

# address 10.1.0.2/24 of sw2/c1:eth0
# bring up sw2/c1:lo
# bring up sw2/c1:eth0
in_guest ovs-patch-panel.sw2 ip -n c1 -batch - <<'EOF'
addr add 10.1.0.2/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF
