# Waits until the process that holds the other end of standard input is gone, however it went. Then ends the temporary
# server in the folder $1 and deletes the folder; with $2, the persistent server whose process that is, and keeps it.
trap '' HUP INT TERM
while read -r _; do :; done

[ -d "$1" ] || exit 0
data=$1/data
real=$(cd "$1" && pwd -P)

is_server() {
    if [ -r "/proc/$1/cmdline" ]; then
        tr '\0' '\n' <"/proc/$1/cmdline" | grep -qxF -e "$data"
    elif [ -d /proc/self ]; then
        false
    else
        ps -ww -o args= -p "$1" | grep -qF -e "$data"
    fi
}

if [ -n "$2" ]; then
    [ "$(head -n 1 "$data/postmaster.pid" 2>/dev/null)" = "$2" ] && is_server "$2" && kill -INT "$2" 2>/dev/null
    exit
fi

end_server() {
    server=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
    memory=$(sed -n '7s/.* //p' "$data/postmaster.pid" 2>/dev/null)
    [ -n "$server" ] && is_server "$server" || return
    kill -QUIT "$server" 2>/dev/null
    tries=100
    while [ "$tries" -gt 0 ] && is_server "$server"; do
        sleep 0.1
        tries=$((tries - 1))
    done
    is_server "$server" && kill -KILL "$server" 2>/dev/null
}

# What an interrupted initdb or pg_ctl left running, and the children of a server that was killed.
end_others() {
    for process in /proc/[0-9]*; do
        case $(readlink "$process/cwd" 2>/dev/null) in
            "$real" | "$real"/*)
                case $(cat "$process/comm" 2>/dev/null) in
                    initdb | pg_ctl | postgres) kill -KILL "${process#/proc/}" 2>/dev/null ;;
                esac ;;
        esac
    done
}

# System V shared memory outlives a server that was killed.
remove_shared_memory() {
    [ -n "$server" ] && [ -r /proc/sysvipc/shm ] || return
    while read -r _ id _ _ creator _ attached _; do
        [ "$creator" = "$server" ] && [ "$id" = "$memory" ] && [ "$attached" = 0 ] && ipcrm -m "$id" 2>/dev/null
    done </proc/sysvipc/shm
}

tries=20
while [ -d "$1" ] && [ "$tries" -gt 0 ]; do
    end_server
    end_others
    remove_shared_memory
    rm -rf "$1" 2>/dev/null || sleep 0.1
    tries=$((tries - 1))
done
