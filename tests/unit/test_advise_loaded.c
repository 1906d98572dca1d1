/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ways in which interpreters find and load modules: none of these may pass for "nothing to do". */
#include "advise_machine.h"

/* Makes a machine whose web.service is an interpreter. */
static void run_interpreter(const char *exe, const char *args)
{
	machine("252");
	put_interpreter(exe, args);
}

/* Returns whether the service needs a restart for that file, or it is not known. */
static bool is_noticed(const char *module)
{
	ask(SOURCE_NONE, NULL);

	const struct advise_service *web = service("web.service");

	if (web && str_vec_has(&web->files, module))
		return true;
	vec_foreach(&advice->unknown, it)
		if (strstr(*it, module))
			return true;
	return false;
}

/* Returns whether the module is noticed if the interpreter runs that text. */
static bool is_noticed_by(const char *exe, const char *args, const char *path, const char *text,
			  const char *module)
{
	bool noticed;

	run_interpreter(exe, args);
	put(path, text);
	put(module, "");
	noticed = is_noticed(module);
	done();
	return noticed;
}

START_TEST(texts_of_python)
{
	static const struct {
		const char *text, *module;
	} cases[] = {
		{"import os; import own\n", "/srv/app/own.py"},
		{"if True: import own\n", "/srv/app/own.py"},
		{"try: import own\nexcept ImportError: pass\n", "/srv/app/own.py"},
		{"x = 1 ; from own import a\n", "/srv/app/own.py"},
		{"raise A from b; import own\n", "/srv/app/own.py"},
		{"from importlib import import_module as im\nim(x)\n", "/srv/app/own.py"},
		{"from importlib.machinery import SourceFileLoader\nSourceFileLoader('o', p).load()\n",
		 "/srv/app/own.py"},
		{"import sys, os\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), '..',\n"
		 " 'lib'))\nimport own\n",
		 "/srv/lib/own.py"},
		{"sys.path.append('/srv/' + 'lib')\nimport own\n", "/srv/lib/own.py"},
		{"sys.path.insert(0, str(Path(__file__).parent.parent / 'lib'))\nimport own\n",
		 "/srv/lib/own.py"},
		{"sys.path[:0] = ['/srv/lib']\nimport own\n", "/srv/lib/own.py"},
		{"import site\nsite.addsitedir('/srv/lib')\nimport own\n", "/srv/lib/own.py"},
	};

	for (size_t i = 0; i < array_size(cases); i++)
		ck_assert_msg(is_noticed_by("/usr/bin/python3.11", "python3|main.py",
					    "/srv/app/main.py", cases[i].text, cases[i].module),
			      "%zu: %s", i, cases[i].text);
}
END_TEST

START_TEST(folders_that_are_computed_are_unknown)
{
	run_interpreter("/usr/bin/python3.11", "python3|main.py");
	put("/srv/app/main.py", "import sys\nsys.path.insert(0, LIB)\nimport own\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(advice->unknown.len, 1);
	ck_assert_ptr_nonnull(strstr(advice->unknown.data[0], "module own"));
	/* Found after all, or optional. */
	put("/srv/app/own.py", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(advice->unknown.len, 0);
	put("/srv/app/main.py", "sys.path.insert(0, LIB)\ntry:\n import other\nexcept: pass\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(advice->unknown.len, 0);
	done();
}
END_TEST

START_TEST(files_with_paths)
{
	run_interpreter("/usr/bin/python3.11", "python3|main.py");
	put("/srv/app/main.py", "import own\n");
	put("/usr/lib/python3/dist-packages/x.pth", "# /none\n../../../../srv/lib\n");
	put("/srv/lib/own.py", "");
	ck_assert(is_noticed("/srv/lib/own.py"));
	put("/usr/lib/python3/dist-packages/x.pth", "/srv/two\n");
	put("/srv/two/own.py", "");
	ck_assert(is_noticed("/srv/two/own.py"));
	done();
}
END_TEST

START_TEST(other_ways_to_run)
{
	static const struct {
		const char *exe, *args, *path, *text, *module;
	} cases[] = {
		{"/usr/bin/python3.11", "python3|-c|import own", "/x", "", "/srv/app/own.py"},
		{"/usr/bin/python3.11", "python3|-m|flask|run",
		 "/usr/lib/python3/dist-packages/flask/__main__.py",
		 "import importlib\nimportlib.import_module(x)\n", "/srv/app/own.py"},
		{"/usr/bin/python3.11", "python3|/usr/bin/gunicorn|app:app", "/usr/bin/gunicorn",
		 "__import__(x)\n", "/srv/app/own.py"},
		{"/usr/bin/perl", "perl|-MA::B|x", "/srv/app/x", "1;\n", "/usr/share/perl5/A/B.pm"},
		{"/usr/bin/perl", "perl|-MA::B=c|-e|1", "/srv/app/x", "1;\n",
		 "/usr/share/perl5/A/B.pm"},
		{"/usr/bin/perl", "perl|x", "/srv/app/x", "eval { require A::B; 1 };\n",
		 "/usr/share/perl5/A/B.pm"},
		{"/usr/bin/perl", "perl|x", "/srv/app/x", "use strict; use A::B;\n",
		 "/usr/share/perl5/A/B.pm"},
		{"/usr/bin/perl", "perl|x", "/srv/app/x", "require A::B or die;\n",
		 "/usr/share/perl5/A/B.pm"},
		{"/usr/bin/perl", "perl|x", "/srv/app/x", "require \"./own.pl\";\n",
		 "/srv/app/own.pl"},
		{"/usr/bin/perl", "perl|x", "/srv/app/x", "do '/srv/lib/own.pl';\n",
		 "/srv/lib/own.pl"},
		{"/usr/bin/perl", "perl|x", "/srv/app/x",
		 "BEGIN { unshift @INC, '/srv/lib'; }\nuse A::B;\n", "/srv/lib/A/B.pm"},
		{"/usr/bin/ruby3.1", "puma 5.6 (tcp://0:80) [app]", "/x", "", "/srv/app/own.rb"},
		{"/usr/bin/java", "java|--module-path|/srv/lib|-m|a", "/x", "", "/srv/lib/A.class"},
		{"/usr/bin/java", "java|--class-path=/srv/lib|A", "/x", "", "/srv/lib/A.class"},
		{"/usr/bin/java", "java|-Dcatalina.base=/srv/tomcat|A", "/x", "",
		 "/srv/tomcat/webapps/app/WEB-INF/classes/A.class"},
		{"/usr/bin/lua5.4", "lua|main.lua", "/srv/app/main.lua", "require 'own'\n",
		 "/srv/app/own.lua"},
		{"/usr/bin/bash", "bash|x", "/srv/app/x", "set -e; . ./own.sh\n",
		 "/srv/app/own.sh"},
		{"/usr/bin/dash", "sh|x", "/srv/app/x", "source /srv/lib/own.sh\n",
		 "/srv/lib/own.sh"},
		{"/usr/bin/bash", "bash|x", "/srv/app/x", ". \"$(dirname \"$0\")/own.sh\"\n",
		 "/srv/app/own.sh"},
	};

	for (size_t i = 0; i < array_size(cases); i++)
		ck_assert_msg(is_noticed_by(cases[i].exe, cases[i].args, cases[i].path,
					    cases[i].text, cases[i].module),
			      "%zu: %s %s", i, cases[i].args, cases[i].text);
}
END_TEST

START_TEST(programs_that_embed_an_interpreter)
{
	machine("252");
	put("/usr/lib/libpython3.11.so.1.0", "1");
	put_link("/proc/7/cwd", "/srv/app");
	put("/srv/app/own.py", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_NOTHING);
	add_map(7, "r-xp", "/usr/lib/libpython3.11.so.1.0", "/usr/lib/libpython3.11.so.1.0");
	ask(SOURCE_NONE, NULL);
	ck_assert_int_eq(advice->now, VERDICT_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(advice->unknown.data[0], "/srv/app/own.py"));
	done();
}
END_TEST

/* What is not loaded, and is no code, says nothing. */
START_TEST(near_misses)
{
	static const struct {
		const char *exe, *args, *text, *other;
	} cases[] = {
		{"/usr/bin/python3.11", "python3|x", "# import own\ns = 'import own'\n",
		 "/srv/app/own.py"},
		{"/usr/bin/python3.11", "python3|x", "\"\"\"\nimport own\n\"\"\"\n",
		 "/srv/app/own.py"},
		{"/usr/bin/python3.11", "python3|x", "own = 1; important = own.import_ok\n",
		 "/srv/app/own.py"},
		{"/usr/bin/perl", "perl|x", "# use A::B;\n$use = 1; because('use A::B');\n",
		 "/usr/share/perl5/A/B.pm"},
		{"/usr/bin/bash", "bash|x", "# . ./own.sh\necho . own.sh\n", "/srv/app/own.sh"},
	};

	for (size_t i = 0; i < array_size(cases); i++)
		ck_assert_msg(!is_noticed_by(cases[i].exe, cases[i].args, "/srv/app/x",
					     cases[i].text, cases[i].other),
			      "%zu: %s", i, cases[i].text);
}
END_TEST

UNIT_SUITE("advise-loaded", texts_of_python, folders_that_are_computed_are_unknown,
	   files_with_paths, other_ways_to_run, programs_that_embed_an_interpreter, near_misses)
