# SPDX-License-Identifier: GPL-2.0-or-later
# Completes suture's command line in fish.  Commands, options and trials are those that its help names.

function __suture_command
    # Prints the command that the line has; fails if it has none.
    for word in (commandline -opc)[2..]
        if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
    return 1
end

function __suture_is
    contains -- (__suture_command) $argv
end

function __suture_commands
    suture help 2>/dev/null | sed -nE '/^commands:/,/^$/s/^  ([a-z]+) +(.*)/\1\t\2/p'
    printf 'help\tshow a summary, or the options of a command\n'
end

function __suture_options
    begin
        set -l command (__suture_command); and suture help $command
        suture help
    end 2>/dev/null | sed -nE '/^options/,/^$/s/^  (-[a-zA-Z], |    )(--[a-z-]+)[^ ]*( [A-Z.|=]+)? +(.*)/\2\t\4/p'
end

function __suture_kernels
    set -l cache $SUTURE_CACHE
    if test -z "$cache"
        if test (id -u) = 0
            set cache /var/cache/suture
        else if test -n "$XDG_CACHE_HOME"
            set cache $XDG_CACHE_HOME/suture
        else
            set cache ~/.cache/suture
        end
    end
    uname -r
    for stamp in $cache/kernels/*_*/stamp.json
        string replace -r '_[^_]*$' '' (basename (dirname $stamp))
    end
end

function __suture_loaded
    for folder in /sys/kernel/livepatch/*/
        basename $folder
    end
end

function __suture_rules
    suture explain 2>/dev/null | awk '{ print $2 }'
end

function __suture_trials
    suture help test 2>/dev/null | sed -n '/^Trials/,/^$/s/^  \([a-z-]*\) .*/\1/p'
end

complete -c suture -f
complete -c suture -n 'not __suture_command; or __suture_is help' -a '(__suture_commands)'
complete -c suture -n 'string match -q -- "-*" (commandline -ct)' -a '(__suture_options)'

complete -c suture -s k -l kernel -x -a '(__suture_kernels)'
complete -c suture -n '__suture_is doctor' -l for -x -a 'load build test package'
complete -c suture -n '__suture_is test' -s t -l trial -x -a '(__suture_trials)'
complete -c suture -n '__suture_is advise' -l apply -x -a services
complete -c suture -n '__suture_is package' -l format -x -a 'deb rpm'
complete -c suture -n '__suture_is sign' -l hash -x -a 'sha256 sha384 sha512'
for option in output modules build-dir source toolchain root repo
    complete -c suture -l $option -x -a '(__fish_complete_directories)'
end
for option in image check over key cert passphrase-file prometheus junit html add series cves config
    complete -c suture -l $option -r -F
end

complete -c suture -n '__suture_is build' -k -x -a '(__fish_complete_suffix .patch .diff)'
complete -c suture -n '__suture_is diff' -k -x -a '(__fish_complete_suffix .o)'
complete -c suture -n '__suture_is show test load install package sign' -k -x -a '(__fish_complete_suffix .ko .ko.xz .ko.gz .ko.zst)'
complete -c suture -n '__suture_is publish' -k -x -a '(__fish_complete_suffix .deb .rpm)'
complete -c suture -n '__suture_is explain' -x -a '(__suture_rules)'
complete -c suture -n '__suture_is auto' -x -a 'run status history hold release'
complete -c suture -n '__suture_is unload status uninstall' -x -a '(__suture_loaded)'
