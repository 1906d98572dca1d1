#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Real interpreters run a script that loads a module, which is then replaced: suture advise names the
# module, or says that it cannot tell.  Those that are not installed are skipped.
. tests/cli/lib.sh

pids=()
trap 'kill "${pids[@]}" 2>/dev/null; rm -rf "$dir"' EXIT

# An interpreter in /tmp would count as temporary.
app=$(mktemp -d /opt/suture-test.XXXXXX 2>/dev/null)
if [ "$(id -u)" != 0 ] || [ -z "$app" ]; then
	skip "interpreters are looked into" "only root may examine them"
	finish
	exit
fi
trap 'kill "${pids[@]}" 2>/dev/null; rm -rf "$dir" "$app"' EXIT
cd "$app" || exit 1

# begin NAME COMMAND...: starts an interpreter, which says when it has loaded its module.  What is in the session of
# suture advise may be part of its job, so the interpreter has a session of its own.
begin() {
	setsid "${@:2}" >"$1.log" 2>&1 </dev/null &
	pids+=($!)
	pid=$!
	for ((i = 0; i < 300; i++)); do
		grep -q ready "$1.log" && return
		sleep 0.1
	done
	echo "# $1 did not start: $(cat "$1.log")"
}

# replaced FILE: an update replaces it a while after the start
replaced() {
	sleep 2.1
	cp "$1" "$1.new" && mv "$1.new" "$1"
}

# installed PROGRAM TEST: whether the test can be made
installed() {
	command -v "$1" >/dev/null && return
	skip "$2" "$1 is not installed"
	return 1
}

advised() { out=$(cd "$OLDPWD" && "$suture" --json advise --now 2>/dev/null); }
# stale FILE: the process needs a restart for it
stale() { json "[.services[] | select(.pids | index($pid)) | .files[]] | index(\"$1\") != null"; }
# unsure FILE: advise cannot tell for the process
unsure() { json "[.unknown[] | select(test(\"process $pid[)].*$1\"))] != [] and .verdict != \"nothing\""; }

mkdir lib
if installed python3 "Python: a changed module is found"; then
	echo "value = 1" >lib/own_module.py
	printf 'import sys\nsys.path.insert(0, "%s/lib")\nimport own_module, time\nprint("ready", flush=True)\ntime.sleep(999)\n' "$app" >main.py
	begin python "$(python3 -c 'import sys; print(sys.executable)')" -W ignore main.py
	replaced lib/own_module.py
	advised
	check "Python: a changed module is found" stale "$app/lib/own_module.py"
fi
if installed perl "Perl: a changed module is found"; then
	echo "package Own; 1;" >lib/Own.pm
	# shellcheck disable=SC2016 # Perl's variables
	printf 'use lib "%s/lib";\nuse Own;\n$| = 1;\nprint "ready\\n";\nsleep 999;\n' "$app" >main.pl
	begin perl perl -w main.pl
	replaced lib/Own.pm
	advised
	check "Perl: a changed module is found" stale "$app/lib/Own.pm"
fi
if installed ruby "Ruby: it cannot tell"; then
	echo "X = 1" >lib/own.rb
	printf 'require "own"\n$stdout.sync = true\nputs "ready"\nsleep 999\n' >main.rb
	begin ruby ruby -I "$app/lib" main.rb
	replaced lib/own.rb
	advised
	check "Ruby: it cannot tell" unsure own.rb
fi
if installed node "Node.js: it cannot tell"; then
	mkdir -p node_modules/own
	echo "module.exports = 1;" >node_modules/own/index.js
	printf 'require("own");\nconsole.log("ready");\nsetInterval(() => {}, 1000);\n' >main.js
	begin node node main.js
	replaced node_modules/own/index.js
	advised
	check "Node.js: it cannot tell" unsure own/index.js
fi
if installed php "PHP: it cannot tell"; then
	echo '<?php $x = 1;' >lib/own.php
	printf '<?php\nrequire "%s/lib/own.php";\necho "ready\\n";\nsleep(999);\n' "$app" >main.php
	begin php php -f main.php
	replaced lib/own.php
	advised
	check "PHP: it cannot tell" unsure own.php
fi
if installed javac "Java: a replaced archive of the class path is found"; then
	echo 'public class Own { static int value() { return 1; } }' >Own.java
	echo 'public class Main { public static void main(String[] a) throws Exception {
		Own.value(); System.out.println("ready"); Thread.sleep(999000); } }' >Main.java
	mkdir classes
	javac -d classes Own.java Main.java && (cd classes && jar cf ../own.jar Own.class && rm Own.class)
	begin java java -Xshare:auto -cp own.jar:classes Main
	replaced own.jar
	advised
	check "Java: a replaced archive of the class path is found" stale "$app/own.jar"
	check "Java: nothing is unknown before a class has changed" not unsure Main.class
	replaced classes/Main.class
	advised
	check "Java: it cannot tell of folders of classes" unsure Main.class
fi
finish
