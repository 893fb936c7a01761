#!/bin/sh
# datagram-cable: Two guests on a QEMU datagram cable, which has no device on the host and carries everything
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
rm -f -- /var/log/libvirt/qemu/datagram-cable.sw1.log /var/log/libvirt/qemu/datagram-cable.sw1.console.log /var/log/libvirt/qemu/datagram-cable.sw2.log /var/log/libvirt/qemu/datagram-cable.sw2.console.log

# ---- guests ----

# boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>datagram-cable.sw1</name>
  <uuid>ef169f67-9e3a-8993-adbe-95591ca8c46f</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="datagram-cable" node="sw1"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw1 patchlab.nics=02:b4:66:d2:b8:96=eth1</cmdline>
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
      <mac address="02:b4:66:d2:b8:96"/>
      <source address="127.0.0.1" port="31855">
        <local address="127.0.0.1" port="31854"/>
      </source>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/datagram-cable.sw1.console.log" append="off"/>
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
  <name>datagram-cable.sw2</name>
  <uuid>4b3b3165-7eac-836a-adc8-c79bb7410907</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="datagram-cable" node="sw2"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw2 patchlab.nics=02:42:97:77:a3:f0=eth1</cmdline>
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
      <mac address="02:42:97:77:a3:f0"/>
      <source address="127.0.0.1" port="31854">
        <local address="127.0.0.1" port="31855"/>
      </source>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/datagram-cable.sw2.console.log" append="off"/>
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
await_agent datagram-cable.sw1

# wait until sw2 answers
await_agent datagram-cable.sw2

# address 10.0.0.1/24 of sw1:eth1
# bring up sw1:eth1
# address fd00::1/64 of sw1:eth1
# bring up sw1:lo
in_guest datagram-cable.sw1 ip -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
link set dev eth1 up
addr add fd00::1/64 dev eth1 nodad
link set dev lo up
EOF

# address 10.0.0.2/24 of sw2:eth1
# bring up sw2:eth1
# address fd00::2/64 of sw2:eth1
# bring up sw2:lo
in_guest datagram-cable.sw2 ip -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
link set dev eth1 up
addr add fd00::2/64 dev eth1 nodad
link set dev lo up
EOF
