#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# suture advise on a made-up machine: every view, exit codes, what must not reach a terminal.
. tests/cli/lib.sh

root=$dir/root
mkdir -p "$root/proc/sys/kernel" "$root/run" "$root/usr/lib" "$root/var/lib/dpkg/info"
mkdir -p "$root/usr/lib/systemd/system"
printf '[Service]\nRestart=always\n' >"$root/usr/lib/systemd/system/web.service"
: >"$root/var/lib/dpkg/status"
echo 6.1.0-55-amd64 >"$root/proc/sys/kernel/osrelease"
echo "#1 SMP Debian 6.1.176-1 (2026-05-01)" >"$root/proc/sys/kernel/version"
echo /usr/lib/tls.so >"$root/var/lib/dpkg/info/libtls.list"
echo 1 >"$root/usr/lib/tls.so"

# process PID NAME CGROUP FILE: makes a process that maps the file in its current state
process() {
	mkdir -p "$root/proc/$1/ns"
	printf '%s (%s) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 500 1 1\n' "$1" "$2" \
		>"$root/proc/$1/stat"
	echo "0::$3" >"$root/proc/$1/cgroup"
	: >"$root/proc/$1/mountinfo"
	ln -sfn "mnt:[4026531840]" "$root/proc/$1/ns/mnt"
	ln -sfn / "$root/proc/$1/root"
	ln -sfn "/usr/bin/x" "$root/proc/$1/exe"
	stat -c "7f0000000000-7f0000001000 r-xp 00000000 %Hd:%Ld %i   $4" "$root$4" |
		awk '{ split($4, d, ":"); $4 = sprintf("%02x:%02x", d[1], d[2]); print }' \
			>"$root/proc/$1/maps"
}

# replace FILE: replaces the file as an upgrade does
replace() {
	ln "$root$1" "$root$1.kept"
	echo 2 >"$root$1.new"
	mv "$root$1.new" "$root$1"
	sed -i "s,$1\$,& (deleted)," "$root"/proc/[0-9]*/maps
}

process 1 systemd /init.scope /usr/lib/tls.so
process 7 web /system.slice/web.service /usr/lib/tls.so
rm -r "$root/proc/1"

run advise --root "$root" --now
check "there is nothing to do" [ "$status" = 0 ]
check "the output says that there is nothing to do" contains "$out" "Now: nothing to do."
run advise --root "$root"
check "updates cannot be asked for" [ "$status" = 104 ]
check "the reason is reported" contains "$out" "Not known: pending updates"

printf 'VERSION 3\nA=b\n\nlibtls 1 amd64 none < 2 amd64 none /x.deb\n' >"$dir/transaction"
run advise --root "$root" --transaction <"$dir/transaction"
check "--transaction: an update of a library asks for a restart" [ "$status" = 100 ]
check "--transaction: the reason names the service" contains "$out" "libtls 1 -> 2: its files are used by web.service"
printf 'VERSION 3\n\nlinux-image-6.1.0-56-amd64 - - none < 2 amd64 none /x.deb\n' >"$dir/transaction"
run advise --root "$root" --transaction <"$dir/transaction"
check "--transaction: a kernel update asks for a reboot" [ "$status" = 102 ]
echo nonsense >"$dir/transaction"
run advise --root "$root" --transaction <"$dir/transaction"
check "--transaction: input that is no transaction is an error" fails 1 "neither apt's"

replace /usr/lib/tls.so
run advise --root "$root" --now
check "after an upgrade: the service has to be restarted" [ "$status" = 100 ]
check "after an upgrade: the command is shown" contains "$out" "1. systemctl restart web.service"
check "after an upgrade: the reason is shown" contains "$out" "web still runs /usr/lib/tls.so, which was replaced"
run advise --root "$root" --now --quiet
check "--quiet sets the exit code" [ "$status" = 100 ]
check "--quiet prints nothing" [ -z "$out$err" ]
run advise --root "$root" --now --json
check "--json has the verdict" json '.schema == "suture.advise/1" and .verdict == "restart" and
	.services[0].unit == "web.service" and .services[0].pids == [7] and
	.kernel.running == "6.1.0-55-amd64" and .kernel.installed == []'
run advise --root "$root" --now --nagios
check "--nagios returns a warning" [ "$status" = 1 ]
check "--nagios prints one line" [ "$(lines "$out")" = 1 ]
check "--nagios prints performance data" contains "$out" "| services=1 sessions=0"
run advise --root "$root" --now --motd
check "--motd prints one line" contains "$out" "restart 1 service"
run advise --root "$root" --now --nagios --motd
check "--motd and --nagios cannot be combined" [ "$status" = 2 ]
run advise --root "$root" --now --prometheus "$dir/metrics"
check "--prometheus writes metrics" grep -q '^suture_advise_services_to_restart 1$' "$dir/metrics"
check "--prometheus writes only comments and samples" [ -z "$(grep -vE \
	'^(# (HELP|TYPE) suture_advise_[a-z_]+ .*|suture_advise_[a-z_]+ [0-9.e+-]+)$' "$dir/metrics")" ]
run advise --root "$root" --now --flag
check "restarts set no flag" [ ! -e "$root/run/reboot-required" ]

# The name of a process is displayed as text and never acts.
esc=$(printf '\033[31m\\n\302\233\342\200\256\377')
process 8 "$esc" "/system.slice/a
b.service" /usr/lib/tls.so.kept
sed -i 's,$, (deleted),' "$root/proc/8/maps"
rm "$root/usr/lib/tls.so.kept"
run advise --root "$root" --now -v
check "hostile names: the process is found" contains "$out" '\x1b[31m'
printf '%s' "$out" >"$dir/shown"
check "hostile names: the terminal gets no control characters" not grep -qaP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' \
	"$dir/shown"
check "hostile names: they are shown as text" iconv -f UTF-8 -t UTF-8 "$dir/shown" -o /dev/null
run advise --root "$root" --now --json
check "hostile names: they are valid JSON" json '.services | length == 2'
rm -r "$root/proc/8"

printf '[unit web]\nmatch = web.service\naction = reboot\nwhy = it is mine\n' >"$dir/web.conf"
mkdir -p "$root/etc/suture/advise.d"
cp "$dir/web.conf" "$root/etc/suture/advise.d/"
run advise --root "$root" --now --flag
check "a rule of the administrator decides" [ "$status" = 102 ]
check "the reason of that rule is shown" contains "$out" "it is mine"
check "--flag sets the flag" [ "$(cat "$root/run/reboot-required.pkgs")" = web.service ]
echo "[unit" >"$root/etc/suture/advise.d/web.conf"
run advise --root "$root" --now
check "a rule that is not valid is an error" fails 1 "web.conf:1: a section has the form"

blind=$dir/blind
mkdir -p "$blind/proc" "$blind/run/suture"
echo dbus.service | tee "$blind/run/reboot-required.pkgs" >"$blind/run/suture/reboot-required.pkgs"
: >"$blind/run/reboot-required"
for _ in 1 2; do
	run advise --root "$blind" --now --flag
	check "an unknown verdict does not clear the flag" [ "$status" = 104 -a \
		"$(cat "$blind/run/reboot-required.pkgs" "$blind/run/suture/reboot-required.pkgs")" = \
		"dbus.service
dbus.service" ]
done
run advise --pending --flag
check "pending updates do not set the flag" fails 2 "describe the machine's current state"

run advise --now --pending
check "only one kind of updates is accepted" fails 2 "use only one of"
rm -f "$root/etc/suture/advise.d/web.conf"
run advise --root "$root" --apply=services
check "--apply lists what it would do" contains "$out" "would run: systemctl restart web.service"
check "--apply does nothing without --yes" [ "$status" = 0 ]
run --json advise --root "$root" --apply=services
check "--apply --json lists what it would do" json '.schema == "suture.advise/1" and .applied == false and
	.restarts == [{unit: "web.service", command: "systemctl restart web.service",
		restarted: false, error: null}] and .left == []'
mv "$root/usr/lib/systemd/system/web.service" "$dir/web.service"
run advise --root "$root" --apply=services
check "--apply lists services that it leaves alone, and why" contains "$err" "left alone: web.service (restart): web"
run --json advise --root "$root" --apply=services
check "--apply --json lists services that it leaves alone" json '.left[0].name == "web.service" and
	(.left[0].why | test("unit file")) and .restarts == []'
mv "$dir/web.service" "$root/usr/lib/systemd/system/web.service"
if [ "$(id -u)" = 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	cp "$suture" "$dir/suture" && chmod -R a+rX "$dir"
	out=$(setpriv --reuid=65534 --regid=65534 --clear-groups "$dir/suture" advise --now \
		--apply=services 2>"$dir/err")
	status=$?
	check "--apply without rights cannot tell" [ "$status" = 104 ]
	check "--apply without rights gives no all-clear" not contains "$out" "no process uses"
	check "--apply without rights says why" grep -q "could not be examined" "$dir/err"
fi

# The newer kernel's changelog names fixes.
doc=$root/usr/share/doc/linux-image-6.1.0-56-amd64
mkdir -p "$root/boot" "$doc"
{
	head -c $((0x202)) /dev/zero
	printf 'HdrS\0\0\0\0\0\0\0\0\0\4'
	head -c $((0x600 - 0x210)) /dev/zero
	printf '6.1.0-56-amd64 (a@b) #1 SMP Debian 6.1.192-2 (2026-08-02)\0'
	head -c 4096 /dev/zero
} >"$root/boot/vmlinuz-6.1.0-56-amd64"
printf '\7' | dd of="$root/boot/vmlinuz-6.1.0-56-amd64" bs=1 seek=$((0x1f1)) conv=notrunc status=none
printf 'linux (6.1.192-2) x; u=h\n\n  * a (CVE-2026-1001)\n\nlinux (6.1.176-1) x; u=h\n\n  * b (CVE-2026-1000)\n' |
	gzip >"$doc/changelog.Debian.gz"
run advise --root "$root" --now
check "the live patch is offered beside the reboot" contains "$out" "suture cover --kernel 6.1.0-55-amd64 --to 6.1.192-2"
check "names of fixes are for -v" not contains "$out" CVE-2026-1001
run -v advise --root "$root" --now
check "-v names the fixes" contains "$out" "    CVE-2026-1001"
run advise --root "$root" --now --cve CVE-2026-1001
check "--cve: an installed kernel fixes it" [ "$status" = 102 ]
check "--cve names the installed kernel" contains "$out" "the installed kernel 6.1.0-56-amd64 (6.1.192-2) fixes it"
run --json advise --root "$root" --now --cve CVE-2026-4444
check "--cve cannot tell of what no changelog names" json '.code == 104 and .cve == "CVE-2026-4444"'
mkdir -p "$root/usr/share/doc/linux-image-6.1.0-55-amd64"
printf 'linux (6.1.176-1) x; u=h\n\n  * b (CVE-2026-1000)\n' >"$root/usr/share/doc/linux-image-6.1.0-55-amd64/changelog.Debian"
run advise --root "$root" --now --cve CVE-2026-1000
check "--cve: the running kernel has the fix" [ "$status" = 0 ]
sed -i s/176-1/176-2/ "$root/usr/share/doc/linux-image-6.1.0-55-amd64/changelog.Debian"
run advise --root "$root" --now --cve CVE-2026-1000
check "--cve: the changelog of another build does not count" [ "$status" = 104 ]
run advise --now --cve 2026-1
check "--cve takes an id only" fails 2 "not of the form CVE-2026-12345"
rm -r "$root/boot" "$root/usr/share/doc"

# In a chroot, the programs of the machine around it are under the names of other files.
jail=$dir/jail
mkdir -p "$jail/proc" "$jail/usr/bin" "$jail/run" "$jail/tmp"
if [ "$(id -u)" = 0 ] && mount --bind /proc "$jail/proc" 2>/dev/null; then
	cp "$suture" "$jail/usr/bin/suture"
	mkdir -p "$jail"/var/lib/{dpkg,apt/lists/partial} "$jail/dev"
	: >"$jail/var/lib/dpkg/status"
	cp /bin/true "$jail/usr/bin/apt-get" # it knows of no update
	cp "$(command -v sleep)" "$jail/usr/bin/sleep"
	for library in $(libraries "$suture"); do
		mkdir -p "$jail$(dirname "$library")"
		cp -L "$library" "$jail$library"
	done
	setsid sleep 60 &
	sleeper=$!
	out=$(chroot "$jail" /usr/bin/suture --json advise --now 2>"$dir/err")
	status=$?
	kill $sleeper
	check "in a chroot, nothing outside has to be restarted" json '.services == [] and .processes > 1'
	check "a chroot is recognised" json '.chroot and (.container | not)'
	check "in a chroot, the kernel is that of the machine around it" json '.kernel.state == "unmanaged" and
		.kernel.why == "this is a chroot: the kernel belongs to its host"'
	check "in a chroot, a note says where to run it" json '.notes | any(contains("run suture advise outside it"))'
	out=$(chroot "$jail" /usr/bin/suture --json advise 2>"$dir/err")
	status=$?
	check "without package lists, there is no all-clear" [ "$status" = 104 ]
	check "without package lists, the remedy is said" json '.pending == null and (.unknown |
		any(. == "pending updates are unknown: apt has no package lists; run `apt update`"))'
	: >"$jail/var/lib/apt/lists/deb.example.org_dists_x_main_binary-amd64_Packages.lz4"
	out=$(chroot "$jail" /usr/bin/suture --json advise 2>"$dir/err")
	check "without /dev/null, it is what is missing" json '.unknown |
		any(. == "pending updates are unknown: apt-get: cannot be started without /dev/null: No such file or directory")'
	: >"$jail/dev/null"
	out=$(chroot "$jail" /usr/bin/suture --json advise 2>"$dir/err")
	check "with package lists, apt is asked" json '.pending != null and .updates == []'
	umount -l "$jail/proc"
	out=$(chroot "$jail" /usr/bin/suture advise --now 2>"$dir/err")
	check "without /proc, it is said that none is mounted" contains "$out" "no process can be examined, since /proc is not mounted here"
else
	skip "what is said in a chroot" "no mount is possible here"
fi
run --json advise --now --root /
check "here is no chroot" json '.chroot | not'
run advise --root "$root" --now
check "no output without a terminal" [ -z "$err" ]
run advise --apply=everything
check "--apply accepts only services" fails 2 "--apply: 'everything' is not services"
run advise --root "$root" --apply=services --yes
check "services of another system are not restarted" fails 2 "cannot be combined with"
run advise --apt-hook
check "--apt-hook without apt's socket is wrong use" fails 2 "APT_HOOK_SOCKET"
run advise --root "$dir/none"
check "a missing folder is an error" fails 1 "$dir/none"

# The following is apt's side of the hook in JSON.
rm -f "$root/etc/suture/advise.d/web.conf"
cat >"$dir/apt.py" <<'PY'
import json, os, socket, subprocess, sys
ours, theirs = socket.socketpair()
hook = subprocess.Popen(sys.argv[1:], pass_fds=[theirs.fileno()],
                        env=dict(os.environ, APT_HOOK_SOCKET=str(theirs.fileno())))
theirs.close()
stream = ours.makefile("rw")
def send(method, **more):
    stream.write(json.dumps({"jsonrpc": "2.0", "method": "org.debian.apt.hooks." + method, **more}))
    stream.write("\n\n")
    stream.flush()
send("hello", id=0, params={"versions": ["0.1", "0.2"]})
hello = json.loads(stream.readline())
assert hello["result"]["version"] == "0.2", hello
assert stream.readline() == "\n"
version = lambda text: {"id": 1, "version": text, "architecture": "amd64", "pin": 500}
send("install.pre-prompt", params={"command": "upgrade", "packages": [
    {"id": 1, "name": "libtls", "architecture": "amd64", "mode": "install",
     "versions": {"current": version("1"), "install": version("2")}}]})
send("bye")
sys.exit(hook.wait())
PY
out=$(python3 "$dir/apt.py" "$suture" advise --root "$root" --apt-hook 2>"$dir/err")
status=$? err=$(cat "$dir/err")
check "apt's hook gets an answer" [ "$status" = 0 ]
check "apt's hook shows the verdict" contains "$out" "Suture: this upgrade requires restarting services."
check "apt's hook shows the reason" contains "$out" "restart     libtls: its files are used by web.service"

# Installing puts the hooks where package managers look; without the program they are harmless.
scripts/install-hooks "$dir/bin" "$dir/dest"
check "install-hooks installs apt's hook" grep -q "$dir/bin/suture advise --apt-hook" "$dir/dest/etc/apt/apt.conf.d/60suture"
mkdir -p "$dir/dest/etc/suture"
echo "require-tested = yes" >"$dir/dest/etc/suture/suture.conf"
cp -r "$dir/dest" "$dir/undone"
scripts/install-hooks -u "$dir/bin" "$dir/undone"
check "install-hooks -u removes all of them, and no file of the administrator's" \
	[ "$(cd "$dir/undone" && find . -type f)" = ./etc/suture/suture.conf ]
check "install-hooks installs the rules" [ -f "$dir/dest/usr/share/suture/advise.d/60-units.conf" ]
out=$("$dir/dest/etc/kernel/postinst.d/zzz-suture" 6.1.0-56-amd64 2>&1)
status=$?
check "the hooks do nothing without the program" [ "$status$out" = 0 ]
finish
