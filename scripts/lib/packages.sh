# shellcheck shell=bash
# The Debian packages, the Node packages and the build. `root` is set by common.sh.

# wanted_packages LIST: the packages of scripts/LIST.
wanted_packages() {
  sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "${root:?}/scripts/$1"
}

missing_packages() {
  local names installed
  mapfile -t names < <(wanted_packages "$1")
  installed=$(dpkg-query -W -f '${Status} ${binary:Package}\n' "${names[@]}" 2>/dev/null |
    sed -n 's/^install ok installed \([^:]*\).*/\1/p' | sort -u) || true
  comm -23 <(printf '%s\n' "${names[@]}" | sort -u) <(printf '%s\n' "$installed")
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@"; }

# systemd_units WORD... DAEMON: systemctl for each of what starts a daemon; its package need not have both.
systemd_units() {
  local kind
  for kind in service socket; do systemctl --quiet "${@:1:$#-1}" "${*: -1}.$kind" 2>/dev/null || true; done
}

# install_packages LOGS LIST
install_packages() {
  local missing package daemon daemons=()
  mapfile -t missing < <(missing_packages "$2")
  [ "${#missing[@]}" -gt 0 ] || return 0
  # Their packages start daemons that announce this host on every interface, those of labs too; that of Docker sets packet
  # filters, which stay. Labs and tests use the programs only. Who had a package already keeps its daemon.
  for package in ladvd lldpd docker.io; do
    [[ " ${missing[*]} " != *" $package "* ]] || daemons+=("${package%.io}")
  done
  for daemon in "${daemons[@]}"; do ! has_systemd || systemd_units mask --runtime "$daemon"; done
  noisy "$1/apt-update.log" 'fetching the package lists' apt update
  noisy "$1/apt-install.log" "installing ${#missing[@]} packages: ${missing[*]}" \
    apt install --yes --no-install-recommends "${missing[@]}"
  for daemon in "${daemons[@]}"; do
    if has_systemd; then
      systemd_units unmask --runtime "$daemon"
      systemd_units disable --now "$daemon"
    elif [ -x "/etc/init.d/$daemon" ]; then
      update-rc.d "$daemon" disable >/dev/null 2>&1 || true
      "/etc/init.d/$daemon" stop >/dev/null 2>&1 || true
    fi
    say "switched $daemon off: labs need the program, not the daemon"
  done
}

# npm writes node_modules/.package-lock.json last.
node_modules_fresh() {
  [ ! package-lock.json -nt node_modules/.package-lock.json ] && [ -d node_modules ]
}

install_node_modules() {
  node_modules_fresh && return
  noisy "$1/npm.log" 'installing the Node packages (npm ci)' npm ci --no-audit --no-fund
  touch node_modules/.package-lock.json
}

# Folders count too: their times change where a file goes away.
dist_fresh() {
  [ -e dist/.built ] &&
    [ -z "$(find src package.json tsconfig.json tsconfig.build.json -newer dist/.built -print -quit)" ]
}

build() {
  dist_fresh && return
  # The time before the build: what changes while it runs is newer.
  local stamp=$1/built
  touch -- "$stamp"
  noisy "$1/build.log" 'building patchlab (npm run build)' npm run build
  cp --preserve=timestamps -- "$stamp" dist/.built
}
