#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# These patches try to run commands, or to copy the builder's files, during the build.  Two layers are
# tested separately: checks of the patch, without a sandbox; and the sandbox, by patches
# in which a macro hides what they do.
. tests/vm/lib.sh
need_kernel

marker=$dir/marker
secret=$dir/secret.h
echo "int the_secret = 4711;" >"$secret"

# hostile NAME FILE LINE [TEXT]: $patch must be refused without a sandbox, and nothing of it may run
hostile() {
	run --json build -k "$release" --dry-run --no-sandbox "$patch"
	check "$1: the patch is refused" [ "$status" = 3 ]
	check "$1: a finding names the line" json "any(.findings[]; .rule == \"build-hostile\" and
		.severity == \"refuse\" and .file == \"$2\" and (.line == $3 or $3 == 0) and .remedy and
		(.message | contains(\"${4-}\")))"
	check "$1: no command was run" [ ! -e "$marker" ]
	rm -f "$marker"
}

# ---- makefiles

while IFS='|' read -r name text part; do
	append fs/proc/Makefile "$(printf '%b' "${text//MARKER/$marker}")"
	line=$(($(wc -l <"$source/fs/proc/Makefile") + 1))
	patch_of "make-$name"
	hostile "$name" fs/proc/Makefile $line "$part"
done <<'END'
shell|x := $(shell touch MARKER)|$(shell
assignment|x != touch MARKER|!=
rule|version.o: y\ny:\n\ttouch MARKER|rule
recipe|FORCE:; touch MARKER|rule
include|include /dev/null|includes
plug-in|ccflags-y += -fplugin=MARKER.so|-fplugin
wrapper|CFLAGS_version.o += -wrapper touch,MARKER|-wrapper
tools|ccflags-y += -B/tmp|-B/tmp
options|ccflags-y += @MARKER|@
compiler|CC := touch MARKER;|sets a variable
shell-name|SHELL := /usr/bin/touch|sets a variable
make-flags|MAKEFLAGS += --eval=$(shell:touch)|$(shell
file|$(file >MARKER,x)|$(file
definition|override define rule_cc_o_c\ntouch MARKER\nendef|overrides
program|hostprogs += evil|program
always|always-y += evil|sets a variable
shell-word|obj-y += x.o;touch|list
quoted|ccflags-y += -DX='$(shell touch MARKER)'|flag
END

mkdir -p "$dir/edit/b/fs/proc"
append fs/proc/evil.mk '$(shell touch '"$marker"')'
append fs/proc/Makefile 'include $(srctree)/fs/proc/evil.mk'
patch_of part
hostile "a makefile that is part of another" fs/proc/evil.mk 1
append fs/proc/evil/Makefile "obj-y += evil.o\$(shell touch $marker)"
append fs/proc/evil/evil.c "int evil;"
append fs/proc/Makefile "obj-y += evil/"
patch_of new
hostile "a new makefile" fs/proc/evil/Makefile 1
append scripts/Makefile.build "\$(shell touch $marker)"
append fs/proc/Makefile "obj-y += new.o"
append fs/proc/new.c "int new;"
patch_of global
hostile "a makefile of all" scripts/Makefile.build 0
printf 'diff --git a/fs/proc/Makefile b/fs/proc/Makefile\nold mode 100644\nnew mode 120000\n' >"$dir/link.patch"
printf -- '--- a/fs/proc/Makefile\n+++ b/fs/proc/Makefile\n@@ -1 +1 @@\n-%s\n+%s\n' \
	"$(head -n 1 "$source/fs/proc/Makefile")" "# x" >>"$dir/link.patch"
patch=$dir/link.patch
hostile "a symbolic link" fs/proc/Makefile 0 link

# A build always uses the unpatched programs and scripts.
replace lib/gen_crc32table.c "s,^int main,__attribute__((constructor)) static void evil(void)\n{\n\textern int system(const char *);\n\tsystem(\"touch $marker\");\n}\n\nint main,"
append lib/crc32defs.h "static inline void evil(void) { extern int system(const char *); system(\"touch $marker\"); }"
append scripts/mksysmap "touch $marker"
append include/stdio.h "#include_next <stdio.h>"
append lib/Makefile "# x"
patch_of program
run --json build -k "$release" --dry-run --no-sandbox "$patch"
check "a changed program of the build is not run" [ ! -e "$marker" ]
check "a changed program of the build is refused" json \
	'any(.findings[]; .rule == "change-lost" and .file == "lib/gen_crc32table.c")'
rm -f "$marker"

# ---- sources

source_line() { append fs/proc/version.c "$(printf '%b' "${1//SECRET/$secret}")"; }
line=$(($(wc -l <"$source/fs/proc/version.c") + 1))
while IFS='|' read -r name text; do
	source_line "$text"
	patch_of "source-$name"
	hostile "$name" fs/proc/version.c $line
done <<'END'
incbin|asm(".incbin \\"SECRET\\"");
split-incbin|asm(".inc" "bin \\"SECRET\\"");
asm-include|asm(".include \\"SECRET\\"");
absolute|#include "SECRET"
climbing|#include "../../../../../../../etc/passwd"
endless|#include "/dev/zero"
digraph|%:include "SECRET"
macro|#include __stringify(SECRET)
quoted-by-gcc|#line 1 "SECRET"
embed|#embed "SECRET"
dependency|#pragma GCC dependency "SECRET"
after-a-character|char c = '\\x22'; asm(".incbin \\"SECRET\\"");
after-a-raw-string|char *s = R"x(" /* )x"; asm(".incbin \\"SECRET\\"");
system-header|_Pragma("GCC system_header")
line-of-a-macro|#line __LINE__ __stringify(SECRET)
searched|#include <../../../../../../../../etc/passwd>
END
append include/linux/hostile.h "#include \"$secret\""
source_line '#include <linux/hostile.h>'
patch_of header
hostile "a new header" include/linux/hostile.h 1

# ---- the sandbox, where nothing shows in the text

# held NAME STATUS: $patch is not called hostile and does not compile; without a sandbox the exit code is STATUS
held() {
	run --json build -k "$release" --dry-run "$patch"
	check "$1: the patch is not built" [ "$status" = 1 ]
	check "$1: the compiler cannot read the file" matches "$out" "Permission denied|file not found|No such file"
	run build -k "$release" -o "$dir/out" --no-sandbox "$patch"
	check "$1: the patch has the expected result without a sandbox" [ "$status" = "$2" ]
}
matches() { grep -qE "$2" <<<"$1"; }

append fs/proc/version.c 'asm(".pushsection .rodata\n.macro hide a, b\n.\\a\\()\\b \"'"$secret"'\"\n.endm\nhide inc, bin\n.popsection");'
change fs/proc/version.c version_proc_show 'seq_puts(m, "x");'
patch_of altmacro
held "the assembler's macros" 3
check "a file that the assembler's macros read is found afterwards" contains "$err$out" "reads \"$secret\""

# read NAME: $patch compiles, but it has read a file that does not belong to the kernel
read_outside() {
	change fs/proc/version.c version_proc_show 'seq_puts(m, "x");'
	patch_of "read-${1// /-}"
	run --json build -k "$release" --dry-run "$patch"
	check "$1: the patch is refused" [ "$status" = 3 ]
	check "$1: a finding names the file" json "any(.findings[]; .rule == \"build-hostile\" and
		.severity == \"refuse\" and .file == \"fs/proc/version.c\" and (.message | contains(\"$2\")))"
}
program=$(realpath /bin/true)
append fs/proc/version.c 'asm(".pushsection .rodata\n.macro hide a, b\n.\\a\\()\\b \"'"$program"'\"\n.endm\nhide inc, bin\n.popsection");'
read_outside "a macro of the assembler" "$program"
append fs/proc/version.c 'asm(".pushsection .rodata\n.irp word, inc\n.\\word\\()bin \"'"$program"'\", 0, 16\n.endr\n.popsection");'
read_outside "a repetition of the assembler" "$program"
append fs/proc/version.c '#define HIDE(a, b, file) asm(".pushsection .rodata\n." #a #b " \"" file "\"\n.popsection")
HIDE(inc, bin, "'"$program"'");'
read_outside "a macro of the compiler" "$program"
# A file in a compiler's folder of headers must not be read unless the kernel's build names that folder.
header=$(realpath "$("$compiler" -print-file-name=include)/stddef.h")
append fs/proc/version.c '#define HIDE(a, b, file) asm(".pushsection .rodata\n." #a #b " \"" file "\"\n.popsection")
HIDE(inc, bin, "'"$header"'");'
read_outside "a header of the compiler's as data" "$header"

# ---- what takes for ever

append fs/proc/version.c "#define A0
$(for i in $(seq 13); do echo "#define A$i A$((i - 1)) A$((i - 1)) A$((i - 1)) A$((i - 1)) A$((i - 1)) A$((i - 1)) A$((i - 1)) A$((i - 1))"; done)
A13 A13"
patch_of burns
run build -k "$release" --dry-run "$patch"
check "a source that is compiled for hours ends the build" [ "$status" = 1 ]
check "a source that is compiled for hours is named" contains "$err" "fs/proc/version.c: it cannot be compiled: it took more than"
"$suture" build -k "$release" --dry-run "$patch" >/dev/null 2>&1 &
sleep 10
kill -TERM $!
began=$SECONDS
wait $!
status=$?
check "SIGTERM ends a build that takes hours" [ "$status" = 130 ]
check "SIGTERM ends a build within seconds" [ $((SECONDS - began)) -le 10 ]

# ---- what an honest patch may do

append fs/proc/Makefile "proc-\$(CONFIG_PRINTK) += new.o
ifdef CONFIG_PRINTK
CFLAGS_new.o += -DNEW_STRING=1 -Wno-unused
endif"
append fs/proc/new.c '#include <linux/seq_file.h>
#include "internal.h"

void new_show(struct seq_file *m);
void new_show(struct seq_file *m) { seq_printf(m, "%d", NEW_STRING); }'
append fs/proc/version.c 'void new_show(struct seq_file *m);'
change fs/proc/version.c version_proc_show '{ extern void new_show(struct seq_file *); new_show(m); }'
patch_of honest
run --json build -k "$release" -o "$dir/out" "$patch"
check "a patch that adds objects and flags is livepatchable" json '.verdict == "livepatchable"'
none build-hostile fs/proc/Makefile
check "the function of the added unit is new" json 'any(.functions[]; .name == "new_show" and .change == "new")'

append fs/proc/Makefile "x := \$(shell touch $marker)"
patch_of last
run --json build -k "$release" --dry-run "$patch"
one build-hostile refuse fs/proc/Makefile
finish
