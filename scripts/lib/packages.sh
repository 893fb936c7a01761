# shellcheck shell=bash
# The Debian packages, the Node packages and the build. `root` is set by common.sh.

# wanted_packages LIST: the packages of scripts/LIST.
wanted_packages() {
  sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "${root:?}/scripts/$1"
}

# Where node-gyp finds the headers of this Node without the network.
node_prefix() { dirname -- "$(dirname -- "$(readlink -f "$(command -v node)")")"; }

# Debian keeps the headers of its own Node apart; other builds of Node bring them along.
header_package() {
  [ -e "$(node_prefix)/include/node/node.h" ] && return
  dpkg-query -W -f '${Maintainer}' nodejs 2>/dev/null | grep -q debian && echo libnode-dev
  return 0
}

missing_packages() {
  local names installed
  mapfile -t names < <(wanted_packages "$1" && header_package)
  installed=$(dpkg-query -W -f '${Status} ${binary:Package}\n' "${names[@]}" 2>/dev/null |
    sed -n 's/^install ok installed \([^:]*\).*/\1/p' | sort -u) || true
  comm -23 <(printf '%s\n' "${names[@]}" | sort -u) <(printf '%s\n' "$installed")
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@"; }

# install_packages LOGS LIST
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$2")
  [ "${#missing[@]}" -gt 0 ] || return 0
  noisy "$1/apt-update.log" 'fetching the package lists' apt update
  noisy "$1/apt-install.log" "installing ${#missing[@]} packages: ${missing[*]}" \
    apt install --yes --no-install-recommends "${missing[@]}"
  # Their packages start daemons that announce this host on every interface, those of labs too.
  # Labs and tests use the programs only. Who had a package already keeps its daemon.
  local daemon
  for daemon in ladvd lldpd; do
    [[ " ${missing[*]} " == *" $daemon "* ]] || continue
    if has_systemd; then
      systemctl disable --quiet --now "$daemon.service" 2>/dev/null || true
    elif [ -x "/etc/init.d/$daemon" ]; then
      update-rc.d "$daemon" disable >/dev/null 2>&1 || true
      "/etc/init.d/$daemon" stop >/dev/null 2>&1 || true
    fi
    say "switched $daemon off: labs need the program, not the daemon"
  done
}

# npm writes node_modules/.package-lock.json last; the addon must load in this very Node.
node_modules_fresh() {
  [ ! package-lock.json -nt node_modules/.package-lock.json ] && [ -d node_modules ] &&
    node -e 'require("./node_modules/@unraid/libvirt/build/Release/libvirt.node")' 2>/dev/null
}

install_node_modules() {
  node_modules_fresh && return
  local prefix settings=(npm_config_build_from_source=true)
  prefix=$(node_prefix)
  [ -e "$prefix/include/node/node.h" ] && settings+=("npm_config_nodedir=$prefix")
  noisy "$1/npm.log" 'installing the Node packages (npm ci)' \
    env "${settings[@]}" npm ci --no-audit --no-fund
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
