#!/usr/bin/env bash
# Makes the Debian package from a binary that is built already, or from source.
set -euo pipefail

usage() {
  cat <<'EOT'
usage: packaging/deb/build.sh [--binary FILE] [--version VERSION] [--out DIR]
  --binary FILE      pack this program (default: build build/release/propusk first)
  --version VERSION  instead of the one of debian/changelog, such as 0.1.0-2
  --out DIR          where the .deb goes (default: build/deb)
Needs the Debian packages dpkg-dev and debhelper, no network, and no root.
EOT
}

die() {
  echo "build.sh: $*" >&2
  exit 1
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
binary='' version='' out=$root/build/deb
while (($#)); do
  (($# > 1)) || { usage >&2; exit 2; }
  case $1 in
    --binary) binary=$(realpath "$2") ;;
    --version) version=$2 ;;
    --out) out=$2 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift 2
done

cd "$root"
if [[ -z $binary ]]; then
  cmake --preset release >&2
  cmake --build build/release --target propusk >&2
  binary=$root/build/release/propusk
fi
[[ -x $binary ]] || die "$binary is not a program"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
tree=$stage/propusk
mkdir "$tree"
cp -r ARCHITECTURE.md CHANGELOG.md README.md SECURITY.md docs packaging "$here/debian" "$tree"
install -m 0755 "$binary" "$tree/propusk"
cp packaging/propusk.service "$tree/packaging/propusk@.service"  # the file says why it can be both
cd "$tree"

packaged=$(dpkg-parsechangelog -S Version)
built=$(sed -nE 's/^project\(propusk VERSION ([0-9.]+).*/\1/p' "$root/CMakeLists.txt")
[[ ${packaged%-*} == "$built" ]] || die "debian/changelog says $packaged, CMakeLists.txt says $built"
if [[ -n $version ]]; then
  signature=" -- $(dpkg-parsechangelog -S Maintainer)  $(LC_ALL=C date -R)"
  printf 'propusk (%s) unstable; urgency=medium\n\n  * Built as %s.\n\n%s\n\n' "$version" "$version" "$signature" |
    cat - "$here/debian/changelog" > debian/changelog
fi
version=$(dpkg-parsechangelog -S Version)
"$here/manual.py" docs/reference/command-line.md "$version" > propusk.8

dpkg-buildpackage --build=binary --no-sign --no-check-builddeps > "$stage/log" 2>&1 || {
  cat "$stage/log" >&2
  die "dpkg-buildpackage failed"
}
mkdir -p "$out"
cp "$stage"/propusk*_"$version"_*.deb "$out"
echo "$out/propusk_${version}_$(dpkg-architecture -qDEB_HOST_ARCH).deb"
