#!/bin/sh
# The browser tests drive the system's own Chromium. Put it there where that is allowed, otherwise say what is missing.
# Never fails: without a browser the other tests still count, and pytest says which ones it skipped.

chromium=/usr/bin/chromium
[ -x "$chromium" ] && exit 0

if [ "$(id -u)" = 0 ] && grep -qs '^ID=debian$' /etc/os-release; then
    echo "Installing chromium for the browser tests."
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    { apt-get update && apt-get install --yes --no-install-recommends chromium; } >"$log" 2>&1 </dev/null ||
        tail -n 3 "$log"
    rm -f "$log"
fi

[ -x "$chromium" ] ||
    echo "The browser tests will be skipped: $chromium is missing (Debian: apt install chromium)."
exit 0
