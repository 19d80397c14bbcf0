import type { Program } from './onMachine/programs.ts'

/** `bench`, `test` or `doctor` at the top of a bundle. */
export function startScript(program: Program): string {
  return `#!/bin/sh
exec sh "$(dirname -- "$0")/lib/start.sh" ${program} "$@"
`
}

/**
 * lib/start.sh: makes sure that the bundle's Node can run here, and hands over to it. Needs a POSIX shell, and of other programs
 * `dirname` and `uname` alone.
 *
 * @param glibc the oldest glibc that everything in the bundle runs with, such as `2.34`
 */
export function startShell(glibc: string): string {
  return `#!/bin/sh
# Started by ../bench, ../test and ../doctor with the program's name first.

fail() {
  printf 'error: %s\\n' "$1" >&2
  exit 1
}

# Whether version $1 is older than $2; both are two numbers with a dot between.
is_older() {
  [ "\${1%%.*}" -lt "\${2%%.*}" ] || { [ "\${1%%.*}" -eq "\${2%%.*}" ] && [ "\${1#*.}" -lt "\${2#*.}" ]; }
}

[ "$(uname -s) $(uname -m)" = 'Linux x86_64' ] || fail "this bundle is for x86-64 Linux, and this is $(uname -s) on $(uname -m)"

glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || glibc=
case $glibc in
  'glibc '[0-9]*.[0-9]*)
    glibc=\${glibc#glibc }
    # 2.34.9000 of a distribution in the making counts as 2.34.
    minor=\${glibc#*.}
    glibc=\${glibc%%.*}.\${minor%%.*}
    if is_older "$glibc" ${glibc}; then
      fail "glibc here is $glibc, and ${glibc} or newer is needed: Ubuntu 22.04, Debian 12, or newer than these"
    fi
    ;;
esac

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd) || fail 'the folder of this script cannot be entered'
node=$root/lib/node
[ -f "$node" ] || fail "$node is missing: unpack the whole archive"
[ -x "$node" ] || chmod +x "$node" 2>/dev/null || fail "$node cannot be made executable: unpack the archive where you may write"
if ! why=$("$node" --version 2>&1); then
  fail "the bundle's Node does not start here (is it on a noexec file system, or libstdc++ missing?): $why"
fi
exec "$node" "$root/lib/code/start.mjs" "$@"
`
}
