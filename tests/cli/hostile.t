#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What stands where files are expected, and files with what does not belong there.
. tests/cli/lib.sh

tree=$dir/tree
etc=$tree/etc/suture
mkdir -p "$tree"/proc/{self,sys/kernel/random} "$tree"/sys/kernel/{livepatch,security} "$tree/run" "$etc/conf.d"
echo 6.1.0-9-amd64 >"$tree/proc/sys/kernel/osrelease"
echo 1111-2222 >"$tree/proc/sys/kernel/random/boot_id"
mkfifo "$dir/pipe" "$dir/pipe.ko"

# brief ARG...: run, which must not wait for anybody
brief() {
	timeout 20 "$suture" "$@" >"$dir/run.out" 2>"$dir/run.err"
	status=$?
	load_run run
}

# plain: nothing on the terminal but text
plain() { [ -z "$(LC_ALL=C tr -d '\n -~' <<<"$out$err")" ]; }

# module NAME: as far as suture looks before it loads
module() {
	printf 'license=GPL\0livepatch=Y\0name=%s\0vermagic=6.1.0-9-amd64 SMP \0' "$1" >"$dir/modinfo"
	printf 'int f(void) { return 1; }\n' | gcc -c -x c -o "$dir/plain.o" -
	objcopy --add-section .modinfo="$dir/modinfo" "$dir/plain.o" "$dir/$1.ko"
}
module one

brief install --root "$tree" "$dir/pipe.ko"
check "a pipe as a module" fails 1 "pipe.ko: not a regular file"
brief show "$dir/pipe.ko"
check "a pipe as a module to show" fails 1 "pipe.ko: not a regular file"
mkfifo "$tree/proc/cmdline"
brief status --root "$tree"
check "a pipe in /proc" [ "$status" = 0 ]
rm "$tree/proc/cmdline"

# The settings: what cannot be read must not become the default.
mkfifo "$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "a pipe as settings" fails 1 "etc/suture/suture.conf: not a regular file"
rm "$etc/suture.conf"
printf '\0\0\0\0' >"$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "settings of NULs" fails 1 "etc/suture/suture.conf is not a text file"
printf '# mine\0\nrequire-tested = yes\n' >"$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "settings with a NUL" fails 1 "etc/suture/suture.conf is not a text file"
ln -sf /srv/none.conf "$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "settings that are a dangling link" fails 1 "etc/suture/suture.conf is a dangling link"
rm "$etc/suture.conf"
ln -s none "$etc/conf.d/10.conf"
brief install --root "$tree" "$dir/one.ko"
check "more settings that lead nowhere" fails 1 "conf.d/10.conf is a dangling link"
rm -r "$etc/conf.d"
ln -s none "$etc/conf.d"
brief install --root "$tree" "$dir/one.ko"
check "a folder of settings that leads nowhere" fails 1 "etc/suture/conf.d is a dangling link"
rm "$etc/conf.d"
chmod 777 "$etc"
brief install --root "$tree" "$dir/one.ko"
check "settings that anybody can write" fails 1 "etc/suture: other users can write to it"
chmod 755 "$etc"
echo "require-tested = no" >"$etc/suture.conf"
chmod 666 "$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "a file of them that anybody can write" fails 1 "suture.conf: other users can write to it"
rm "$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "none at all" contains "$out" "one.ko: installed"

truncate -s 3G "$tree/var/lib/suture/6.1.0-9-amd64/installed.json"
brief status --root "$tree"
check "a file of state of 3 GB" contains "$err" "is damaged (it is larger than 16 MiB)"
rm -r "$tree/var/lib/suture"
head -c 300M /dev/zero | gzip -1 >"$dir/bomb.ko.gz"
brief install --root "$tree" "$dir/bomb.ko.gz"
check "a module that unpacks without end" fails 1 "bomb.ko.gz: the gzip data unpacks to more than 256 MiB"

# Metrics to where others read.
exec {reader}<>"$dir/pipe"
ln -s pipe "$dir/to-pipe"
brief status --root "$tree" --prometheus "$dir/to-pipe"
read -r -t 5 -u "$reader" first
check "metrics into a pipe" contains "$first" "# HELP"
check "which is still there" [ -p "$dir/pipe" ]
check "and the link to it" [ -L "$dir/to-pipe" ]
exec {reader}<&-
ln -s /proc/self/fd/1 "$dir/stdout"
brief status --root "$tree" --prometheus "$dir/stdout"
check "metrics to standard output" contains "$out" "# HELP"
check "the link to it stays" [ -L "$dir/stdout" ]

# Keys.
openssl req -x509 -newkey rsa:2048 -keyout "$dir/key" -out "$dir/pem" -days 30 -subj /CN=a -nodes 2>/dev/null
brief sign --key "$dir/pipe" --cert "$dir/pem" "$dir/one.ko"
check "a pipe that nobody writes to, as a key" fails 1 "pipe: no process writes to this pipe"
brief sign --key <(cat "$dir/key") --cert "$dir/pem" "$dir/one.ko"
check "a key from another program" contains "$out" "one.ko: signed"
cp /bin/true "$dir/true"
brief sign --key "$dir/key" --cert "$dir/pem" "$dir/true"
check "a program is not signed" fails 1 "true is not a kernel module"
brief sign --key "$dir/key" --cert "$dir/pem" "$dir/plain.o"
check "nor is another object" fails 1 "plain.o is not a kernel module"
odd=$dir/$'o\xffe\e.ko'
cp "$dir/one.ko" "$odd"
brief --json sign --key "$dir/key" --cert "$dir/pem" "$odd"
check "the name of a signed module that is no text, as JSON" json \
	'.modules[0].path | endswith("o\\xffe\\x1b.ko")'
brief sign --key "$dir/key" --cert "$dir/pem" "$odd"
check "that name on the terminal" contains "$out" ': signed'
check "which gets text only" plain

# What the machine says of itself.
printf '6.1\xff\e[31m\n' >"$tree/proc/sys/kernel/osrelease"
printf '[o\xffe] none\n' >"$tree/sys/kernel/security/lockdown"
mkdir -p "$tree/run/systemd"
printf 'c\xff\n' >"$tree/run/systemd/container"
brief status --root "$tree"
check "a release that is no text" contains "$out" 'kernel 6.1\\xff\\x1b'
check "only text of it" plain
brief --json status --root "$tree"
check "as JSON" json '.lockdown == "o\\xffe" and .container == "c\\xff" and (.kernel | startswith("6.1\\xff"))'
finish
