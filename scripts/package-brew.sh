#!/usr/bin/env bash
# Prints a Homebrew formula for a packed npm package: package-brew.sh awsh-VERSION.tgz URL
set -euo pipefail
sum=$(sha256sum "$1" 2>/dev/null || shasum -a 256 "$1")
cat <<END
class Awsh < Formula
  desc "AWS credentials that follow you from directory to directory"
  homepage "https://www.npmjs.com/package/awsh"
  url "$2"
  sha256 "${sum%% *}"
  license "MIT"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args(ignore_scripts: true)
    bin.install_symlink libexec/"bin/awsh", libexec/"bin/docker-credential-awsh"
    package = libexec/"lib/node_modules/awsh"
    man1.install Dir[package/"dist/man/*.1"]
    bash_completion.install package/"completions/awsh.bash" => "awsh"
    zsh_completion.install package/"completions/_awsh"
    fish_completion.install package/"completions/awsh.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/awsh --version")
  end
end
END
