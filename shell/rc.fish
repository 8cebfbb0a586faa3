# Sourced by the file that `awsh setup` writes to fish's conf.d: loads the hook, and adds the folder
# of the completion to fish_complete_path, from where fish loads it at the first Tab.

if status is-interactive
    set -l folder (status dirname)
    set -l package
    string match -qr '(?s)^(?<package>.*)/' -- $folder
    source $folder/awsh.fish
    contains -- $package/completions $fish_complete_path
    or set -g -a fish_complete_path $package/completions
end
