#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Checks with OpenSSL and kmod the signatures that are appended to modules.
. tests/cli/lib.sh

# key NAME REQ-ARG...: makes $dir/NAME.key and $dir/NAME.pem
key() {
	openssl req -x509 -newkey rsa:2048 -keyout "$dir/$1.key" -out "$dir/$1.pem" -days 30 \
		-subj "/O=Test/CN=The admin of $1" "${@:2}" 2>/dev/null
}

key one -nodes
key other -nodes
key locked -passout pass:secret
echo secret >"$dir/secret"
openssl x509 -in "$dir/one.pem" -outform DER -out "$dir/one.der"

# This is a module as far as kmod looks.
printf 'license=GPL\0name=fix\0vermagic=6.1.0-9-amd64 SMP \0' >"$dir/modinfo"
printf 'int f(void) { return 1; }\n' | gcc -c -x c -o "$dir/plain.o" -
objcopy --add-section .modinfo="$dir/modinfo" "$dir/plain.o" "$dir/plain.ko"

# parts FILE: writes the module to $dir/part.ko and the message to $dir/part.p7s
parts() {
	local size message

	size=$(stat -c %s "$1")
	message=$((16#$(tail -c 32 "$1" | head -c 4 | od -An -tx1 | tr -d ' ')))
	tail -c $((message + 40)) "$1" | head -c "$message" >"$dir/part.p7s"
	head -c $((size - message - 40)) "$1" >"$dir/part.ko"
}

verifies() {
	parts "$1"
	openssl cms -verify -binary -inform DER -in "$dir/part.p7s" -content "$dir/part.ko" \
		-certfile "$2" -noverify -out /dev/null 2>/dev/null
}

fresh() { cp "$dir/plain.ko" "$dir/fix.ko"; }

fresh
run sign --key "$dir/one.key" --cert "$dir/one.pem" "$dir/fix.ko"
check "a module is signed" contains "$out" "fix.ko: signed"
check "OpenSSL verifies the signature" verifies "$dir/fix.ko" "$dir/one.pem"
check "OpenSSL does not verify it with another certificate" not verifies "$dir/fix.ko" "$dir/other.pem"
check "the module itself does not change" cmp -s "$dir/part.ko" "$dir/plain.ko"
check "the signature contains no certificate" [ -z "$(openssl pkcs7 -inform DER -in "$dir/part.p7s" -print_certs)" ]
check "kmod reads the signer" [ "$(modinfo -F signer "$dir/fix.ko")" = "The admin of one" ]
check "kmod reads the kind" [ "$(modinfo -F sig_id "$dir/fix.ko")" = "PKCS#7" ]
check "kmod reads the hash" [ "$(modinfo -F sig_hashalgo "$dir/fix.ko")" = sha256 ]

chmod 640 "$dir/fix.ko"
group=$(id -G | tr ' ' '\n' | tail -n 1)
[ "$(id -u)" != 0 ] || chown 7:9 "$dir/fix.ko"
[ "$(id -u)" = 0 ] || chgrp "$group" "$dir/fix.ko"
owner=$(stat -c %u:%g "$dir/fix.ko")
ln -s fix.ko "$dir/link.ko"
run sign --key "$dir/one.key" --cert "$dir/one.pem" "$dir/link.ko"
check "mode and owner do not change" [ "$(stat -c %a,%u:%g "$dir/fix.ko")" = "640,$owner" ]
check "a link stays a link" [ -L "$dir/link.ko" ]
check "the target of a link is signed" verifies "$dir/fix.ko" "$dir/one.pem"

run --json sign --key "$dir/other.key" --cert "$dir/other.pem" --hash sha512 "$dir/fix.ko"
check "a second signature replaces the first" json '.modules[0].replaced_signature'
check "there is only one signature afterwards" [ "$(grep -c "~Module signature appended~" "$dir/fix.ko")" = 1 ]
check "OpenSSL verifies the second signature" verifies "$dir/fix.ko" "$dir/other.pem"
check "the signature uses the given hash" [ "$(modinfo -F sig_hashalgo "$dir/fix.ko")" = sha512 ]
printf 'X' | dd of="$dir/fix.ko" bs=1 seek=80 conv=notrunc status=none
check "a changed module does not verify" not verifies "$dir/fix.ko" "$dir/other.pem"

fresh
run sign --key "$dir/one.key" --cert "$dir/one.der" "$dir/fix.ko"
check "a certificate in DER is accepted" verifies "$dir/fix.ko" "$dir/one.pem"
fresh
run sign --key "$dir/locked.key" --cert "$dir/locked.pem" --passphrase-file "$dir/secret" "$dir/fix.ko"
check "a key with a pass phrase is accepted" verifies "$dir/fix.ko" "$dir/locked.pem"

fresh
run sign --key "$dir/locked.key" --cert "$dir/locked.pem" "$dir/fix.ko"
check "a key without its pass phrase is an error" fails 1 "locked.key has no readable private key"
run sign --key "$dir/one.key" --cert "$dir/other.pem" "$dir/fix.ko"
check "a certificate of another key is an error" fails 1 "is not the certificate of the key"
run sign --key "$dir/one.pem" --cert "$dir/one.pem" "$dir/fix.ko"
check "a file that is not a key is an error" fails 1 "one.pem has no readable private key"
run sign --key "$dir/one.key" --cert "$dir/plain.ko" "$dir/fix.ko"
check "a file that is not a certificate is an error" fails 1 "not an X.509 certificate"
run sign --key "$dir/one.key" --cert "$dir/one.pem" --hash md5 "$dir/fix.ko"
check "a weak hash is wrong use" fails 2 "--hash: 'md5' is not sha256, sha384 or sha512"
run sign "$dir/fix.ko"
check "a missing key is wrong use" fails 2 "--key and --cert are required"
xz -k "$dir/fix.ko"
run sign --key "$dir/one.key" --cert "$dir/one.pem" "$dir/fix.ko.xz"
check "a compressed module is refused" fails 1 "before it is compressed"
check "none of these errors changed the module" cmp -s "$dir/fix.ko" "$dir/plain.ko"
finish
