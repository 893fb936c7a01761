#!/bin/sh
# lldp-direct: Two guests joined by macvtap (vepa) on a veth pair hear each other's LLDP, where a Linux bridge would eat it
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
  "vefurhkfs3bq",
  "vekb7wagdggg",
  "ma6nrnp8ttem",
  "mau68qz7ctd4",
}
define lab_all = {
  $lab,
}
table arp patchlab.lldp-direct {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.lldp-direct {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.lldp-direct {
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
rm -f -- /var/log/libvirt/qemu/lldp-direct.sw1.log /var/log/libvirt/qemu/lldp-direct.sw1.console.log /var/log/libvirt/qemu/lldp-direct.sw2.log /var/log/libvirt/qemu/lldp-direct.sw2.console.log

# sw1:eth1-sw2:eth1: cable
# mark sw1:eth1 veth as the lab's
# bring sw1:eth1 veth up
# give sw1:eth1 veth a name that people can read
# mark sw2:eth1 veth as the lab's
# bring sw2:eth1 veth up
# give sw2:eth1 veth a name that people can read
ip -batch - <<'EOF'
link add name vefurhkfs3bq address 02:f4:33:ff:9d:ae type veth peer name vekb7wagdggg address 02:92:98:f2:20:dc
link set dev vefurhkfs3bq alias patchlab:lldp-direct addrgenmode none
link set dev vefurhkfs3bq up
link property add dev vefurhkfs3bq altname lldp-direct.sw1.eth1.veth
link set dev vekb7wagdggg alias patchlab:lldp-direct addrgenmode none
link set dev vekb7wagdggg up
link property add dev vekb7wagdggg altname lldp-direct.sw2.eth1.veth
EOF

# ---- guests ----

# boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>lldp-direct.sw1</name>
  <uuid>1da5bbcf-a25c-8a05-a6ee-76f942d6fc97</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="lldp-direct" node="sw1"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw1 patchlab.nics=02:18:07:d6:11:f2=eth1</cmdline>
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
    <interface type="direct">
      <mac address="02:18:07:d6:11:f2"/>
      <source dev="vefurhkfs3bq" mode="vepa"/>
      <target dev="ma6nrnp8ttem"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/lldp-direct.sw1.console.log" append="off"/>
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
  <name>lldp-direct.sw2</name>
  <uuid>618b2a14-740a-828e-a406-1b438e5d1655</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="lldp-direct" node="sw2"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw2 patchlab.nics=02:71:7b:b9:00:c8=eth1</cmdline>
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
    <interface type="direct">
      <mac address="02:71:7b:b9:00:c8"/>
      <source dev="vekb7wagdggg" mode="vepa"/>
      <target dev="mau68qz7ctd4"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/lldp-direct.sw2.console.log" append="off"/>
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

# mark sw1:eth1 macvtap and set promisc on
# take from sw1:eth1 macvtap the address that the host gave it: it is the guest's
# mark sw2:eth1 macvtap and set promisc on
# take from sw2:eth1 macvtap the address that the host gave it: it is the guest's
ip -batch - <<'EOF'
link set dev ma6nrnp8ttem alias patchlab:lldp-direct promisc on addrgenmode none
addr flush dev ma6nrnp8ttem
link set dev mau68qz7ctd4 alias patchlab:lldp-direct promisc on addrgenmode none
addr flush dev mau68qz7ctd4
EOF

# ---- inside ----

# wait until sw1 answers
await_agent lldp-direct.sw1

# wait until sw2 answers
await_agent lldp-direct.sw2

# address 10.0.0.1/24 of sw1:eth1
# bring up sw1:lo
# bring up sw1:eth1
in_guest lldp-direct.sw1 ip -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# address 10.0.0.2/24 of sw2:eth1
# bring up sw2:lo
# bring up sw2:eth1
in_guest lldp-direct.sw2 ip -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF
