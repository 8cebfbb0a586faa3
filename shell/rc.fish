# What the file that `awsh setup` puts into fish's conf.d sources: the hook; and the completion, which fish loads at the
# first Tab from the folders in fish_complete_path.

if status is-interactive
    set -l folder (status dirname)
    set -l package
    string match -qr '(?s)^(?<package>.*)/' -- $folder
    source $folder/awsh.fish
    contains -- $package/completions $fish_complete_path
    or set -g -a fish_complete_path $package/completions
end
