#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Things that are not files where files are expected, and files with unexpected contents.
. tests/cli/lib.sh

tree=$dir/tree
etc=$tree/etc/suture
mkdir -p "$tree"/proc/{self,sys/kernel/random} "$tree"/sys/kernel/{livepatch,security} "$tree/run" "$etc/conf.d"
echo 6.1.0-9-amd64 >"$tree/proc/sys/kernel/osrelease"
echo 1111-2222 >"$tree/proc/sys/kernel/random/boot_id"
mkfifo "$dir/pipe" "$dir/pipe.ko"

# brief ARG...: run, with a time limit, since it must not wait for anybody
brief() {
	timeout 20 "$suture" "$@" >"$dir/run.out" 2>"$dir/run.err"
	status=$?
	load_run run
}

# plain: both streams of the last run contain only text
plain() { [ -z "$(LC_ALL=C tr -d '\n -~' <<<"$out$err")" ]; }

# module NAME: makes a module, as far as suture looks before it loads one
module() {
	printf 'license=GPL\0livepatch=Y\0name=%s\0vermagic=6.1.0-9-amd64 SMP \0' "$1" >"$dir/modinfo"
	printf 'int f(void) { return 1; }\n' | gcc -c -x c -o "$dir/plain.o" -
	objcopy --add-section .modinfo="$dir/modinfo" "$dir/plain.o" "$dir/$1.ko"
}
module one

brief install --root "$tree" "$dir/pipe.ko"
check "install refuses a pipe as a module" fails 1 "pipe.ko: this is a pipe, socket or device, not a file"
brief show "$dir/pipe.ko"
check "show refuses a pipe as a module" fails 1 "pipe.ko: this is a pipe, socket or device, not a file"
mkfifo "$tree/proc/cmdline"
brief status --root "$tree"
check "status does not wait for a pipe in /proc" [ "$status" = 0 ]
rm "$tree/proc/cmdline"

# If settings cannot be read, the default must not be used.
mkfifo "$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "a pipe in place of the settings is an error" fails 1 "etc/suture/suture.conf: not a regular file"
rm "$etc/suture.conf"
printf '\0\0\0\0' >"$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "settings that consist of NULs are an error" fails 1 "etc/suture/suture.conf is not a text file"
printf '# mine\0\nrequire-tested = yes\n' >"$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "settings with a NUL are an error" fails 1 "etc/suture/suture.conf is not a text file"
ln -sf /srv/none.conf "$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "settings that are a dangling link are an error" fails 1 "etc/suture/suture.conf is a dangling link"
rm "$etc/suture.conf"
ln -s none "$etc/conf.d/10.conf"
brief install --root "$tree" "$dir/one.ko"
check "a dangling link in the folder of settings is an error" fails 1 "conf.d/10.conf is a dangling link"
rm -r "$etc/conf.d"
ln -s none "$etc/conf.d"
brief install --root "$tree" "$dir/one.ko"
check "a folder of settings that is a dangling link is an error" fails 1 "etc/suture/conf.d is a dangling link"
rm "$etc/conf.d"
chmod 777 "$etc"
brief install --root "$tree" "$dir/one.ko"
check "settings that anybody can write are an error" fails 1 "etc/suture: other users can write to it"
chmod 755 "$etc"
echo "require-tested = no" >"$etc/suture.conf"
chmod 666 "$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "a file in the folder of settings that anybody can write is an error" fails 1 "suture.conf: other users can write to it"
rm "$etc/suture.conf"
brief install --root "$tree" "$dir/one.ko"
check "without settings, the default is used" contains "$out" "one.ko: installed"

truncate -s 3G "$tree/var/lib/suture/6.1.0-9-amd64/installed.json"
brief status --root "$tree"
check "a state file of 3 GB is reported as damaged" contains "$err" "is damaged (it is larger than 16 MiB)"
rm -r "$tree/var/lib/suture"
head -c 300M /dev/zero | gzip -1 >"$dir/bomb.ko.gz"
brief install --root "$tree" "$dir/bomb.ko.gz"
check "a module that unpacks without end is an error" fails 1 "bomb.ko.gz: the gzip data unpacks to more than 256 MiB"

# Metrics are written to where others read them.
exec {reader}<>"$dir/pipe"
ln -s pipe "$dir/to-pipe"
brief status --root "$tree" --prometheus "$dir/to-pipe"
read -r -t 5 -u "$reader" first
check "metrics are written into a pipe" contains "$first" "# HELP"
check "the pipe still exists" [ -p "$dir/pipe" ]
check "the link to the pipe still exists" [ -L "$dir/to-pipe" ]
exec {reader}<&-
ln -s /proc/self/fd/1 "$dir/stdout"
brief status --root "$tree" --prometheus "$dir/stdout"
check "metrics are written to standard output" contains "$out" "# HELP"
check "the link to standard output still exists" [ -L "$dir/stdout" ]

# Keys may come from pipes.
openssl req -x509 -newkey rsa:2048 -keyout "$dir/key" -out "$dir/pem" -days 30 -subj /CN=a -nodes 2>/dev/null
brief sign --key "$dir/pipe" --cert "$dir/pem" "$dir/one.ko"
check "a pipe without a writer as a key is an error" fails 1 "pipe: no process writes to this pipe"
brief sign --key <(cat "$dir/key") --cert "$dir/pem" "$dir/one.ko"
check "a key is read from another program's pipe" contains "$out" "one.ko: signed"
cp /bin/true "$dir/true"
brief sign --key "$dir/key" --cert "$dir/pem" "$dir/true"
check "sign refuses a program" fails 1 "true: this is a program or library, not a kernel module"
brief sign --key "$dir/key" --cert "$dir/pem" "$dir/plain.o"
check "sign refuses an object that is not a module" fails 1 "plain.o is not a kernel module"
odd=$dir/$'o\xffe\e.ko'
cp "$dir/one.ko" "$odd"
brief --json sign --key "$dir/key" --cert "$dir/pem" "$odd"
check "the name of a signed module that is not UTF-8 is escaped in JSON" json \
	'.modules[0].path | endswith("o\\xffe\\x1b.ko")'
brief sign --key "$dir/key" --cert "$dir/pem" "$odd"
check "the name of a signed module that is not UTF-8 is printed" contains "$out" ': signed'
check "the name of a signed module is printed as text" plain

# The files of the machine contain hostile text.
printf '6.1\xff\e[31m\n' >"$tree/proc/sys/kernel/osrelease"
printf '[o\xffe] none\n' >"$tree/sys/kernel/security/lockdown"
mkdir -p "$tree/run/systemd"
printf 'c\xff\n' >"$tree/run/systemd/container"
brief status --root "$tree"
check "a release that is not text is printed" contains "$out" 'kernel 6.1\\xff\\x1b'
check "a release that is not text is printed without control characters" plain
brief --json status --root "$tree"
check "a release that is not text is escaped in JSON" json '.lockdown == "o\\xffe" and .container == "c\\xff" and (.kernel | startswith("6.1\\xff"))'
finish
