#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# suture cover: of an artificial later version, some units cannot be carried, and the others are;
# a distribution's small update becomes one live patch that is equivalent to it.
. tests/vm/lib.sh
need_kernel

# ---- good changes, and changes of two kinds that cannot be carried

change fs/proc/version.c version_proc_show 'seq_puts(m, "covered ");'
# A structure of existing objects grows, and two functions use the new member; another one is alone.
replace fs/signalfd.c 's,^struct signalfd_ctx \{,&\n\tint suture_uses;,'
change fs/signalfd.c signalfd_poll 'if (file) ((struct signalfd_ctx *)file->private_data)->suture_uses++;'
change fs/signalfd.c signalfd_read 'if (file) ((struct signalfd_ctx *)file->private_data)->suture_uses++;'
change fs/signalfd.c signalfd_cleanup 'barrier(); if (!sighand) return;'
# A function calls a new one, which does not compile; another one is alone.
replace fs/eventfd.c 's,^static int eventfd_release,static int suture_helper(void)\n{\n\treturn suture_unknown;\n}\n\n&,'
change fs/eventfd.c eventfd_release 'suture_helper();'
change fs/eventfd.c eventfd_poll 'if (!file) return 0;'
# A header that nearly everything includes, boot code too, gets a macro, which one function uses.
replace include/linux/kernel.h 's,^#define STACK_MAGIC.*,&\n#define SUTURE_COVERED "covered ",'
change fs/proc/cmdline.c cmdline_proc_show 'seq_puts(m, SUTURE_COVERED);'
# One structure of a header gets a member in padding, another one grows.
replace include/linux/proc_fs.h 's,^\tunsigned int proc_flags;,&\n\tint suture_fits;,'
change fs/proc/loadavg.c loadavg_proc_show 'if (!m) return ((struct proc_ops *)v)->suture_fits;'
replace include/linux/kernel_stat.h 's,^\tunsigned long irqs_sum;,&\n\tint suture_grows[9];,'
change fs/proc/uptime.c uptime_proc_show 'if (!m) return ((struct kernel_stat *)v)->suture_grows[3];'
# One gets a member at its start, for which it has room in its middle.
replace fs/proc/internal.h 's,^struct proc_dir_entry \{,&\n\tbool suture_refits; /* a new one */,'
change fs/proc/root.c proc_root_readdir 'if (!file) return ((struct proc_dir_entry *)ctx)->suture_refits;'
# A structure loses a member, which no function uses any more.
replace fs/proc/base.c 's,^\ttp->ns = .*,\tbarrier();,; s/pid_nr_ns\(timer->it_pid, tp->ns\)/pid_vnr(timer->it_pid)/; /^struct timers_private/,/^}/{/pid_namespace/d}'
# A structure that no changed file names grows.
replace include/linux/fs_struct.h 's,^struct fs_struct \{,&\n\tint suture_unseen[5];,'
# One change is in a comment, and one is in a file that this kernel does not contain.
replace fs/timerfd.c '0,/^#include/s,,/* suture */\n&,'
append arch/x86/um/suture.c 'int suture;'
change fs/proc/softirqs.c show_softirqs 'seq_puts(p, "");'
(cd "$dir/edit/b" && find . -type f -printf '%P\n') >"$dir/edited"
farm "$source" "$dir/later" $(cat "$dir/edited")
cp -r "$dir/edit/b/." "$dir/later/"
# Without headers, a run takes a fraction of the time.
few=(fs/eventfd.c fs/signalfd.c fs/proc/softirqs.c fs/proc/version.c)
farm "$source" "$dir/few" "${few[@]}"
(cd "$dir/edit/b" && cp --parents "${few[@]}" "$dir/few/")

run --json cover -k "$release" --to "$dir/later" -o "$dir/made" -n covered
check "cover has exit code 4 if it carries a part" [ "$status" = 4 ]
check "the verdict is partial" json '.schema == "suture.cover/1" and .verdict == "partial" and .module'
# unit STATE FILES FUNCTIONS...: succeeds if there is a unit of exactly these files and functions
unit() {
	json "any(.units[]; .state == \"$1\" and .files == (\"$2\" | split(\" \")) and
		(.functions | sort) == ($(jq -nc '$ARGS.positional | sort' --args "${@:3}")))"
}
check "a function that is alone is carried" unit patched fs/proc/version.c version_proc_show
check "a new macro of a header that boot code includes is carried with its user" \
	unit patched "fs/proc/cmdline.c include/linux/kernel.h" cmdline_proc_show
check "a new member in padding is carried with its user" \
	unit patched "fs/proc/loadavg.c include/linux/proc_fs.h" loadavg_proc_show
check "a new member is carried in room that the structure has elsewhere" \
	unit patched "fs/proc/internal.h fs/proc/root.c" proc_root_readdir
check "a structure of a header that grows is left out with its user" \
	unit refused "fs/proc/uptime.c include/linux/kernel_stat.h" uptime_proc_show
check "functions that stop using a member of a structure are carried" \
	unit patched fs/proc/base.c proc_timers_open show_timer
check "a structure that nothing shows is not taken for no code" \
	unit refused include/linux/fs_struct.h
check "a function beside a refused unit is carried" unit patched fs/signalfd.c signalfd_cleanup
check "a function beside a unit that does not compile is carried" unit patched fs/eventfd.c eventfd_poll
check "functions that use a new member are left out with the structure" \
	unit refused fs/signalfd.c signalfd_poll signalfd_read
check "a caller is left out with the function that does not compile" \
	unit refused fs/eventfd.c suture_helper eventfd_release
check "a change of comments is no code" json 'any(.units[]; .state == "no-code" and .files == ["fs/timerfd.c"])'
check "a change that this kernel does not contain is listed as such" \
	json 'any(.units[]; .state == "not-built" and .files == ["arch/x86/um/suture.c"])'
check "the totals count functions and units" json '.totals.functions_changed == 14 and .totals.functions_patched == 9 and
	.totals.units == {"patched": 8, "refused": 4, "dropped-with": 0, "not-built": 1, "no-code": 1}'
check "the list is written beside the module" \
	[ "$(jq -r .verdict "$dir/made/covered.cover.json")" = partial ]

reasons=$out
out=$(jq '{findings: [.units[].reasons[]]}' <<<"$reasons")
one not-compiled refuse "fs/eventfd.c" "suture_unknown"
patch=/dev/null
out=$(jq '{findings: [.units[] | select(.state == "patched") | .reasons[]]}' <<<"$reasons")
check "carried units have no findings but of what lies elsewhere" json \
	'[.findings[] | [.rule, .symbol]] == [["layout-extended", "struct proc_dir_entry"]]'
out=$(jq '{findings: [.units[].reasons[]]}' <<<"$reasons")
(cd "$dir/edit" && diff -urN a b) >"$dir/all.patch"
patch=$dir/all.patch
none not-compiled "fs/proc/version.c"

run --json show "$dir/made/covered.ko"
check "the module replaces these functions and no others" json \
	'[.functions[].name] | sort == ["cmdline_proc_show", "eventfd_poll", "loadavg_proc_show",
		"proc_root_readdir", "proc_timers_open", "show_softirqs", "show_timer", "signalfd_cleanup", "version_proc_show"]'
tried --trial load --show /proc/version "$dir/made/covered.ko"
check "the module loads, and its code runs" json '.result == "pass" and
	any(.shows[]; .phase == "patched" and (.text | startswith("covered ")))'

# ---- the same again

# again [FOLDER]: makes the live patch of a few files once more, without the result of the run before
again()
{
	rm -rf "$folder"/kbuild-*/covers
	run --json -v cover -k "$release" --to "$dir/few" -o "$dir/${1:-again}" -n few
}
# kept: lists the patched objects that are kept, and when each was made
kept() { find "$folder"/kbuild-*/posts -type f -printf '%p %T@\n' | sort; }
# answered: prints what must not differ between two runs
answered() { jq -S 'del(.seconds, .module)' <<<"$out"; }
uses_earlier() { contains "$err" "*nothing changed since an earlier run, and its result is used*"; }
again first
check "a run without an earlier result makes one" not uses_earlier
answer=$(answered)
before=$(kept)
run --json -v cover -k "$release" --to "$dir/few" -o "$dir/reused" -n few
check "a run with the same inputs uses the result of the one before" uses_earlier
check "the result is the same" [ "$(answered)" = "$answer" ]
check "the module is the same" cmp "$dir/first/few.ko" "$dir/reused/few.ko"
again
# Tests that run beside this one may add others.
check "a second run does not compile kept objects again" \
	[ -n "$before" -a -z "$(comm -23 <(echo "$before") <(kept))" ]
check "a second run makes the same module" cmp "$dir/first/few.ko" "$dir/again/few.ko"
object=$(ls -t "$folder"/kbuild-*/posts/fs/proc/version.o/*.o | head -n 1)
flip "$object" 2000
again
check "a damaged object changes no answer" [ "$(answered)" = "$answer" ]
check "a kept object that was damaged is made anew" cmp "$dir/first/few.ko" "$dir/again/few.ko"
run --json cover -k "$release" --to "$dir/few" --dry-run --cut file
check "cover of whole files leaves out files with a refused part" json \
	'[.units[] | select(.state == "patched") | .files[]] == ["fs/proc/softirqs.c", "fs/proc/version.c"]'

# ---- a list of fixes, one machine, and what is said of a unit

# The first fix has a half that cannot be patched, the last one is of an earlier version.
now=$(awk -F" = " '/^SUBLEVEL/ { print $2; exit }' "$source/Makefile")
printf '%s\t%s\t%s\n' "$((now + 1))" CVE-2026-1001 "fs/proc/version.c fs/eventfd.c" \
	"$((now + 1))" CVE-2026-1002 fs/proc/softirqs.c \
	"$now" CVE-2026-1003 fs/proc/softirqs.c >"$dir/fixes"
run --json cover -k "$release" --to "$dir/few" -o "$dir/fixed" -n fixed --cves "$dir/fixes" --html "$dir/page.html"
check "both files of a fix are left out if one of them cannot be patched" json 'any(.units[]; .state == "refused" and
	(.files | sort) == ["fs/eventfd.c", "fs/proc/version.c"] and .cves == ["CVE-2026-1001"])'
check "a fix is carried, open, or not in the update" json '[.fixes[].state] == ["open", "carried", "not-in-update"]'
check "an open fix names its unit" json '.fixes[0].open_units == ["fs/eventfd.c: eventfd_release"]'
check "the page names the open fix and the rule" \
	contains "$(cat "$dir/page.html")" "*CVE-2026-1001*<code>not-compiled</code>*"
run cover --explain CVE-2026-1001 -o "$dir/fixed"
check "a unit is explained by the id of its fix" \
	contains "$out" "*fs/eventfd.c: eventfd_release: refused*not-compiled*help: *"
run cover --explain suture_nothing -o "$dir/fixed"
check "a unit that the list lacks is an error" fails 1 "no unit is named 'suture_nothing'"

# ---- the commits of the update

# commit DIGIT SUBJECT FILE LINE...: prints a mail with a commit that adds one line to each file
commit() {
	printf 'From %s Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH] %s\n\n---\n' \
		"$(printf "$1%.0s" {1..40})" "$2"
	for ((i = 3; i < $#; i += 2)); do
		printf -- '--- a/%s\n+++ b/%s\n@@ -1,0 +2,1 @@ x\n+\t%s\n' "${@:i:1}" "${@:i:1}" "${@:i+1:1}"
	done
}
# The line of the second commit's second file is in a unit that cannot be patched.
member='if (file) ((struct signalfd_ctx *)file->private_data)->suture_uses++;'
{
	printf 'From 0 Mon Sep 17 00:00:00 2001\nSubject: [PATCH 0/2] a letter\n\nwithout a patch\n\n'
	commit 1 "carried" fs/proc/version.c 'seq_puts(m, "covered ");' fs/eventfd.c 'if (!file) return 0;'
	commit 2 "open" fs/proc/softirqs.c 'seq_puts(p, "");' fs/signalfd.c "$member"
	commit 3 "later changed again" fs/proc/version.c 'suture_gone(m, 1, 2);'
} >"$dir/series.mbox"
printf '%s\t%s\t%s\t%s\n' "$((now + 1))" CVE-2026-1001 "fs/proc/version.c fs/eventfd.c" "$(printf 1%.0s {1..40})" >"$dir/fixes"
run --json cover -k "$release" --to "$dir/few" --dry-run --series "$dir/series.mbox" --cves "$dir/fixes"
check "the commits of a series are carried, open, or not in the update" json \
	'[.commits[] | [.name, .state]] == [["carried", "carried"], ["open", "open"], ["later changed again", "not-in-update"]]'
check "a commit is left out if one of its parts cannot be patched" json 'any(.units[]; .state == "refused" and
	(.files | sort) == ["fs/proc/softirqs.c", "fs/signalfd.c"])'
check "a fix whose commit is known is carried without the rest of its files" json '.fixes[0].state == "carried"'
mkdir "$dir/series"
commit 2 "open" fs/proc/softirqs.c 'seq_puts(p, "");' fs/signalfd.c "$member" >"$dir/series/1.patch"
run --json cover -k "$release" --to "$dir/few" --dry-run --series "$dir/series"
check "a folder of patches is a series" json '[.commits[].state] == ["open"] and .totals.commits.open == 1'
run cover -k "$release" --to "$dir/few" --dry-run --series "$dir/few"
check "a folder without patches is no series" fails 1 "contains no patch"
run cover -k "$release" --to "$dir/few" --dry-run --series suture_none..suture_other
check "a range of commits that git does not know is an error" fails 1 "git does not know it as a range of commits"

# ---- a patch of the user in place of a unit that cannot be carried

rm -rf "$dir/edit"
change fs/signalfd.c signalfd_poll 'barrier(); if (!file) return 0;'
(cd "$dir/edit" && diff -u a/fs/signalfd.c b/fs/signalfd.c) >"$dir/mine.patch"
run --json cover -k "$release" --to "$dir/few" -o "$dir/mine" -n mine --add "$dir/mine.patch"
check "an added patch takes the place of the unit that changes its function" json 'any(.units[]; .replaced and
	.state == "patched" and (.functions | sort) == ["signalfd_poll", "signalfd_read"])'
run --json show "$dir/mine/mine.ko"
check "the module has the function of the added patch, and not the rest of the unit" json \
	'[.functions[].name] | contains(["signalfd_poll", "signalfd_cleanup"]) and (contains(["signalfd_read"]) | not)'
run cover -k "$release" --to "$dir/few" --dry-run --add "$dir/none.patch"
check "an added patch that does not exist is an error" fails 1 "none.patch: No such file or directory"

# ---- a function that much of the kernel inlines

rm -rf "$dir/edit"
replace include/linux/list.h 's,^\treturn READ_ONCE\(head->next\) == head;,\treturn head == READ_ONCE(head->next);,'
farm "$source" "$dir/wide" include/linux/list.h
cp -r "$dir/edit/b/." "$dir/wide/"
run --json cover -k "$release" --to "$dir/wide" --dry-run
check "a function that too many files inline is left out before they are compiled" json '.verdict == "nothing" and
	(.units[] | .state == "refused" and .files == ["include/linux/list.h"] and any(.reasons[];
		.rule == "change-lost" and .symbol == "list_empty" and (.message | contains("more than the limit of"))))'

# ---- code that has run at boot

# A function that is inlined into another one and into code that ran at boot.
rm -rf "$dir/edit"
change kernel/user.c uid_hash_insert 'asm volatile("nopl 0x11223344(%rax)");'
change kernel/user.c alloc_uid 'asm volatile("nopl 0x11223344(%rax)");'
farm "$source" "$dir/booted" kernel/user.c
cp -r "$dir/edit/b/." "$dir/booted/"
run --json cover -k "$release" --to "$dir/booted" -o "$dir/made" -n booted
check "the verdict is partial if code that ran at boot differs" json '.verdict == "partial" and .module'
check "the module itself says so" contains "$(strings "$dir/made/booted.ko")" "suture_cover=*partial"

# ---- what is wrong

run cover -k "$release" --to "$dir/few" --cves tests/vm/cover.t
check "a list of fixes that is none is an error" fails 1 "cover.t:5: expected the version, the CVE id and the files"
run cover -k "$release"
check "a missing version is an error" fails 2 "--to is missing"
run cover -k "$release" --to "$dir"
check "a folder that is not a kernel source is an error" fails 1 "not a kernel source tree"
run cover -k "$release" --to 6.1.0-none
check "a version that the archive lacks is an error" fails 1 "linux-source-6.1 of version 6.1.0-none is not in the archive"
versions=$(sed -n 's/.* which has \(.*\); a folder.*/\1/p' <<<"$err" | tr -d , | tr ' ' '\n')
check "each version that the archives have is named once" [ -n "$versions" -a -z "$(sort <<<"$versions" | uniq -d)" ]

# ---- a revision of the distribution: from the version before the newest to the newest

before=$("$suture" -q --json fetch --list | jq -r --arg now "$version" --arg release "$release" '
	first(.releases[] | select(.served and (.release | endswith("-amd64")) and
		(.release | test("cloud|rt") | not) and .version != $now and
		((.version | sub("-[^-]*$"; "")) == ($now | sub("-[^-]*$"; "")))) | .release)')
if [ -z "$before" ]; then
	skip "a small update" "the archive has no revision before $version"
	finish
	exit
fi
run --json cover -k "$before" --to "$version" -o "$dir/small" -n small
check "the update from $before to $version becomes an equivalent live patch" json '.verdict == "equivalent" and .module'
check "cover has exit code 0 for an equivalent live patch" [ "$status" = 0 ]
run --json test -k "$before" --trial load --trial coverage "$dir/small/small.ko"
check "the equivalent live patch loads and unloads in that kernel" all_pass
finish
