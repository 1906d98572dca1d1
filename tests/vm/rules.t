#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tries the rules on the real kernel's source.  rules/<rule>/ has two patches for each rule: fires.patch,
# which the rule must find, and near-miss.patch, which it must not.  The expectation stands at
# the top of a patch.  One build has all that fires, and another one has all near misses: findings are
# distinguished by file and name, and unpatched units are compiled once.  Rules that need another kernel,
# or a changed one, have their fixtures in second.t, proof.t, build.t and long/flavours.t.
. tests/vm/lib.sh
need_kernel

# apply_fixtures KIND: makes one patch of all rules/*/KIND.patch
apply_fixtures() {
	local fixture

	for fixture in tests/vm/rules/*/"$1".patch; do
		apply "$fixture"
	done
	patch_of "$1"
}

# check_fixtures KIND: checks what each of these patches expects
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

# This runs as root on a machine with this kernel, where others trace the functions, too.
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
ffffffff812c4a3a  k  pipe_poll+0x2a    [DISABLED]
ffffffff812c4a10  k  pipe_ioctl+0x0    [DISABLED][FTRACE]
ffffffff812c4b20  r  pipe_ioctl_more+0x0    [FTRACE]
END
cat >"$dir/here" <<END
#!/bin/sh
mount -t tmpfs none /sys/kernel/debug && mkdir /sys/kernel/debug/kprobes &&
	cp "$dir/list" /sys/kernel/debug/kprobes/ && LD_PRELOAD="$dir/uname.so" exec "$suture" "\$@"
END
chmod +x "$dir/here"

# run_here ARG...: is run() on a machine that runs this kernel and has these kprobes
run_here() {
	unshare -m "$dir/here" "$@" >"$dir/run.out" 2>"$dir/run.err"
	status=$?
	load_run run
}

run_here --json build -k "$release" -o "$dir/made" "$patch"
check "a patch with all that fires is refused, with a report and no module" \
	[ "$status" = 3 -a "$(ls "$dir/made")" = livepatch_fires.report.json ]

check_fixtures fires
check "no finding calls user tasks a thread" json 'any(.findings[]; .rule == "long-sleep" and
	.where == "ipc/msg.c: do_msgrcv" and .severity == "warn" and (.remedy | contains("thread") | not))'
check "findings on functions and variables have lines" json '[.findings[] | select(.line == 0 and
	(.where | test("fs/pipe.c: (pipe_max_size|pipe_read|pipe_poll|fifo_open|pipe_ioctl)$")))] == []'

# ---- near misses

apply_fixtures near-miss
run_here --json build -k "$release" -o "$dir/made" --dry-run "$patch"
check "the near misses can be live-patched" json '.verdict == "livepatchable"'
check "a dry run of the near misses writes nothing" [ "$(ls "$dir/made")" = livepatch_fires.report.json ]
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
check "the module lists the allowed finding" json '.allowed == ["data-changed set by sysctl anyway"]'

# ---- the page

# The tags of a page must be nested correctly, and there must be no script.
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
check "the page is valid" is_page "$dir/page.html"
check "foreign text in the page is escaped" contains "$page" '&lt;i&gt;&amp;&quot;x&quot;.patch'
check "the page has the verdict" contains "$page" "Refused: "
check "the page has a finding with its rule" contains "$page" "<code>data-changed</code>"
check "the page has a function" contains "$page" "<b>pipe_poll</b>"
check "the page has the changed source" contains "$page" '<span class="add">+'
check "the page has the code of both versions" contains "$page" '<td class="add">'
run -q build -k "$release" --dry-run --html "$dir/none/page.html" "$patch"
check "a page that cannot be written is an error" fails 1 "$dir/none/page.html"
run build -k "$release" --dry-run --allow init-function='not here' "$patch"
check "a finding of a rule that is not allowed still refuses" [ "$status" = 3 ]
finish
