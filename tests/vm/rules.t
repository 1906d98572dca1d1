#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules on the real kernel's source.  rules/<rule>/ has two patches for each rule: fires.patch,
# which the rule must find, and near-miss.patch, which it must not.  What is expected stands at
# the top of a patch.  All that fires is one build, all near misses are another: findings are told
# apart by file and name, and what the units were is compiled once.  Rules that take another kernel,
# or one that was tampered with, have theirs in second.t, proof.t, build.t and flavours.t.
. tests/vm/lib.sh
need_kernel

# apply_fixtures KIND: rules/*/KIND.patch, all in one patch
apply_fixtures() {
	local fixture

	for fixture in tests/vm/rules/*/"$1".patch; do
		apply "$fixture"
	done
	patch_of "$1"
}

# check_fixtures KIND: what each of them expects
#
#	Expect: SEVERITY RULE | WHERE [| part of the message [| part of the remedy]]
#	Expect: no RULE | WHERE
check_fixtures() {
	local whole=$patch what where message remedy

	for patch in tests/vm/rules/*/"$1".patch; do
		while IFS='|' read -r what where message remedy; do
			where=${where# }
			message=${message# }
			read -r severity rule <<<"$what"
			if [ "$severity" = no ]; then
				none "$rule" "${where% }"
			else
				one "$rule" "$severity" "${where% }" "${message% }" "${remedy# }"
			fi
		done < <(sed -n 's/^Expect: //p; /^--- /q' "$patch")
	done
	patch=$whole
}

# ---- what must fire

apply_fixtures fires

# As root on a machine that runs this kernel, where others look at the functions, too.
cat >"$dir/uname.c" <<END
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

int uname(struct utsname *name)
{
	int error = syscall(SYS_uname, name);

	strcpy(name->release, "$release");
	return error;
}
END
gcc -shared -fPIC -o "$dir/uname.so" "$dir/uname.c"
cat >"$dir/list" <<'END'
ffffffff812c4a10  k  pipe_poll+0x0    [DISABLED][FTRACE]
ffffffff812c4b20  r  pipe_ioctl_more+0x0    [FTRACE]
END
cat >"$dir/here" <<END
#!/bin/sh
mount -t tmpfs none /sys/kernel/debug && mkdir /sys/kernel/debug/kprobes &&
	cp "$dir/list" /sys/kernel/debug/kprobes/ && LD_PRELOAD="$dir/uname.so" exec "$suture" "\$@"
END
chmod +x "$dir/here"
unshare -m "$dir/here" --json build -k "$release" -o "$dir/made" "$patch" >"$dir/run.out" 2>"$dir/run.err"
status=$?
load_run run
check "the whole is refused, with a report and no module" \
	[ "$status" = 3 -a "$(ls "$dir/made")" = livepatch_fires.report.json ]

check_fixtures fires
check "user tasks are no thread" json 'any(.findings[]; .rule == "long-sleep" and
	.where == "ipc/msg.c: do_msgrcv" and .severity == "warn" and (.remedy | contains("thread") | not))'
check "functions and variables have lines" json '[.findings[] | select(.line == 0 and
	(.where | test("fs/pipe.c: (pipe_max_size|pipe_read|pipe_poll|fifo_open|pipe_ioctl)$")))] == []'

# ---- near misses

apply_fixtures near-miss
run --json build -k "$release" -o "$dir/made" --dry-run "$patch"
check "the near misses can be live-patched" json '.verdict == "livepatchable"'
check "and write nothing" [ "$(ls "$dir/made")" = livepatch_fires.report.json ]
check_fixtures near-miss

# ---- what ends a build before anything is compiled

apply_fixtures alone
run --json build -k "$release" -o "$dir/made" --dry-run "$patch"
check_fixtures alone

# ---- what an author allows

replace fs/pipe.c 's,^(static unsigned int pipe_max_size).*,\1 = 4711;,'
change fs/pipe.c pipe_poll 'if (!wait) return 0;'
patch_of allowed
run --json build -k "$release" -o "$dir/allowed" --allow data-changed='set by sysctl anyway' "$patch"
check "an allowed finding does not refuse" json '.verdict == "livepatchable" and
	.allowed == [{"rule": "data-changed", "reason": "set by sysctl anyway"}] and
	any(.findings[]; .rule == "data-changed" and .allowed == "set by sysctl anyway")'
run --json show "$dir/allowed/livepatch_allowed.ko"
check "the module says so" json '.allowed == ["data-changed set by sysctl anyway"]'

# ---- the page

# The tags of a page are closed in the order that they were opened in, and there is no script.
is_page() {
	python3 - "$1" <<-'END'
		import sys
		from html.parser import HTMLParser

		open_tags = []
		class Page(HTMLParser):
		    def handle_starttag(self, tag, attrs):
		        if tag not in ("meta", "br"):
		            open_tags.append(tag)
		        if tag in ("script", "i", "link", "img"):
		            sys.exit(f"a tag {tag}")
		    def handle_endtag(self, tag):
		        if open_tags.pop() != tag:
		            sys.exit(f"{tag} closes another")
		Page().feed(open(sys.argv[1], encoding="utf-8").read())
		sys.exit(len(open_tags))
	END
}

cp "$patch" "$dir/<i>&\"x\".patch"
run build -k "$release" --dry-run --html "$dir/page.html" "$dir/<i>&\"x\".patch"
page=$(cat "$dir/page.html")
check "a page" is_page "$dir/page.html"
check "text of others is escaped" contains "$page" '&lt;i&gt;&amp;&quot;x&quot;.patch'
check "verdict" contains "$page" "Refused: "
check "finding and rule" contains "$page" "<code>data-changed</code>"
check "function" contains "$page" "<b>pipe_poll</b>"
check "source" contains "$page" '<span class="add">+'
check "code of both sides" contains "$page" '<td class="add">'
run -q build -k "$release" --dry-run --html "$dir/none/page.html" "$patch"
check "a page that cannot be written" fails 1 "$dir/none/page.html"
run build -k "$release" --dry-run --allow init-function='not here' "$patch"
check "allowing another rule does not help" [ "$status" = 3 ]
finish
