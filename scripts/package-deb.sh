#!/usr/bin/env bash
# Makes awsh_VERSION_ARCH.deb of an installed npm package: package-deb.sh PREFIX/lib/node_modules/awsh OUTPUT_FOLDER
set -euo pipefail
package=$1
output=$2
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$package/package.json")
architecture=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

mkdir -p "$tree/DEBIAN" "$tree/usr/lib" "$tree/usr/bin" "$tree/usr/share/man/man1" "$tree/usr/share/doc/awsh" \
  "$tree/usr/share/bash-completion/completions" "$tree/usr/share/zsh/vendor-completions" "$tree/usr/share/fish/vendor_completions.d"
cp -a "$package" "$tree/usr/lib/awsh"
for program in awsh docker-credential-awsh; do
  ln -s "../lib/awsh/bin/$program" "$tree/usr/bin/$program"
done
for page in "$package"/dist/man/*.1; do
  gzip -9n <"$page" >"$tree/usr/share/man/man1/${page##*/}.gz"
done
cp "$package/LICENSE" "$tree/usr/share/doc/awsh/copyright"
cp "$package/completions/awsh.bash" "$tree/usr/share/bash-completion/completions/awsh"
cp "$package/completions/_awsh" "$tree/usr/share/zsh/vendor-completions/_awsh"
cp "$package/completions/awsh.fish" "$tree/usr/share/fish/vendor_completions.d/awsh.fish"
chmod -R u=rwX,go=rX "$tree"
cat >"$tree/DEBIAN/control" <<END
Package: awsh
Version: $version
Architecture: $architecture
Maintainer: the maintainers of awsh
Depends: nodejs (>= 20.19), bash
Recommends: libsecret-1-0
Section: utils
Priority: optional
Installed-Size: $(du -sk "$tree/usr" | cut -f 1)
Description: AWS credentials that follow you from directory to directory
 Access keys are in the OS keychain, and each shell gets the short-lived
 credentials of the directory that it is in.
END
dpkg-deb --root-owner-group --build "$tree" "$output/awsh_${version}_$architecture.deb" >/dev/null
echo "$output/awsh_${version}_$architecture.deb"
