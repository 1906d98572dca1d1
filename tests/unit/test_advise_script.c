/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which scripts interpreters run, which modules these load, and which of them have changed. */
#include "advise_machine.h"

#include "advise/imports.h"
#include "advise/script.h"
#include "base/text.h"

/* Returns what the interpreter runs by these arguments, which '|' separates; "" for neither;
 * free(). */
static char *runs(const char *exe, const char *args)
{
	scope_free char *copy = xstrdup(args);
	size_t len = strlen(copy) + 1;

	for (size_t i = 0; i + 1 < len; i++)
		copy[i] = copy[i] == '|' ? '\0' : copy[i];

	struct script_call call = script_parse(script_language(exe), copy, len);

	return call.module ? xasprintf("-m %s", call.module) : xstrdup(call.file ? call.file : "");
}

START_TEST(scripts_behind_options)
{
	static const struct {
		const char *exe, *args, *runs;
	} calls[] = {
		{"/usr/bin/python3.11", "python3|-u|/usr/bin/a.py|--x", "/usr/bin/a.py"},
		{"/usr/bin/python3.11", "python3|-W|ignore|/usr/bin/a.py", "/usr/bin/a.py"},
		{"/usr/bin/python3.11", "python3|-uWignore|a.py", "a.py"},
		{"/usr/bin/python3.11", "python3|-Xdev|-X|utf8|./a.py", "./a.py"},
		{"/usr/bin/python3.11", "python3|-m|a.b|x", "-m a.b"},
		{"/usr/bin/python3.11", "python3|-Im|a", "-m a"},
		{"/usr/bin/python3.11", "python3|-c|import a|x", ""},
		{"/usr/bin/python3.11", "python3|-", ""},
		{"/usr/bin/python3.11", "python3|-W", ""},
		{"/usr/bin/python3.11", "python3", ""},
		{"/usr/libexec/platform-python3.6", "python|--|-odd", "-odd"},
		{"/usr/bin/perl", "perl|-w|-T|-I|/x|-MFoo|/usr/sbin/a", "/usr/sbin/a"},
		{"/usr/bin/perl", "perl|-I/x|-e|print", ""},
		{"/usr/bin/ruby3.1", "ruby|-r|x|-W0|app.rb", "app.rb"},
		{"/usr/bin/node", "node|--require|x|--max=1|s.js", "s.js"},
		{"/usr/bin/node", "node|--eval|x", ""},
		{"/usr/bin/php8.2", "php|-d|a=b|-f|x.php", "x.php"},
		{"/usr/bin/bash", "bash|-o|errexit|+o|nounset|/x.sh", "/x.sh"},
		{"/bin/dash", "sh|-ec|x|y", ""},
		{"/opt/pypy/bin/pypy3.9", "pypy3|-u|-m|a", "-m a"},
		{"/usr/lib/jvm/java-17/bin/java", "java|-jar|a.jar", ""},
	};

	for (size_t i = 0; i < array_size(calls); i++) {
		scope_free char *got = runs(calls[i].exe, calls[i].args);

		ck_assert_msg(!strcmp(got, calls[i].runs), "%s: %s", calls[i].args, got);
	}
}
END_TEST

static void check_imports(enum script_language language, const char *text, const char *expected,
			  bool dynamic)
{
	scope_str_vec names = {};
	bool more = imports_find(language, text, &names);
	scope_free char *got = str_vec_join(&names, " ");

	ck_assert_str_eq(got, expected);
	ck_assert_int_eq(more, dynamic);
}

START_TEST(modules_in_texts)
{
	check_imports(SCRIPT_PYTHON,
		      "#!/usr/bin/python3\nimport os.path as p, sys # x\nif 1:\n"
		      "\timport json; x()\nprint('import none')\n",
		      "os/path sys json", false);
	check_imports(SCRIPT_PYTHON,
		      "from a.b import c, d as e\nfrom . import f\nfrom ..g import (h,\n"
		      " # not this\n i)\nfrom importlib import_not\n",
		      "a/b a/b/c a/b/d a/b/e ./ ./f ../g ../g/h ../g/i", false);
	check_imports(SCRIPT_PYTHON, "x = __import__(name)\n", "", true);
	check_imports(SCRIPT_PERL,
		      "use strict;\n use File::Spec qw(x);\nuse parent -norequire, 'A::B';\n"
		      "use 5.010;\nrequire Foo;\nbecause use none",
		      "strict File/Spec parent norequire A/B Foo", false);
	check_imports(SCRIPT_PERL, "require $module;\n", "", true);
}
END_TEST

/* Everything in the made-up machine is newer than its processes, which started in 2001. */
START_TEST(changed_modules_are_found)
{
	machine("252");
	put_interpreter("/usr/bin/python3.11", "python3|-W|ignore|main.py");
	put("/srv/app/main.py", "import a.b\n");
	put("/usr/lib/python3/dist-packages/a/__init__.py", "");
	put("/usr/lib/python3/dist-packages/a/b.py", "from . import c\n");
	put("/usr/lib/python3/dist-packages/a/c.py", "");
	put("/usr/lib/python3/dist-packages/unused.py", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(service("web.service")->nr_files, 4);
	ck_assert_uint_eq(advice->unknown.len, 0);
	/* By a computed name, anything may be loaded. */
	put("/srv/app/main.py", "import a.b\n__import__(x)\n");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(advice->unknown.len, 1);
	ck_assert_ptr_nonnull(strstr(advice->unknown.data[0], "unused.py"));
	put_interpreter("/usr/bin/python3.11", "python3|-m|a.b");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(service("web.service")->nr_files, 3);
	put_interpreter("/usr/bin/perl", "perl|-T|/usr/sbin/x");
	put("/usr/share/x/x", "use A::B;\n");
	ck_assert_ok(root_make_dir(tree, "/usr/sbin"));
	put_link("/usr/sbin/x", "../share/x/x");
	put("/usr/share/perl5/A/B.pm", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(service("web.service")->nr_files, 2);
	done();
}
END_TEST

START_TEST(what_is_not_read_is_unknown)
{
	static const struct {
		const char *exe, *args, *module;
	} calls[] = {
		{"/usr/bin/node", "node|-e|x", "/usr/share/nodejs/m/index.js"},
		{"/usr/bin/ruby3.1", "ruby|/none.rb", "/usr/lib/ruby/vendor_ruby/m.rb"},
		{"/usr/bin/php8.2", "php|x.php", "/usr/share/php/M/m.php"},
		{"/usr/bin/python3.11", "python3|-c|import m", "/usr/lib/python3.11/m.py"},
		{"/opt/node/bin/node", "node|/none.js", "/opt/node/lib/node_modules/m/index.js"},
		{"/usr/local/bin/ruby", "ruby|/none.rb", "/usr/local/lib/ruby/3.4.0/m.rb"},
		{"/opt/py/bin/python3.12", "python3|-c|import m", "/opt/py/lib/python3.12/m.py"},
		{"/usr/bin/ruby3.1", "ruby|-I|/srv/l|/none.rb", "/srv/l/m.rb"},
		{"/usr/bin/java", "java|-cp|/srv/a.jar:classes|Main",
		 "/srv/app/classes/Main.class"},
	};

	for (size_t i = 0; i < array_size(calls); i++) {
		machine("252");
		put_interpreter(calls[i].exe, calls[i].args);
		ask(SOURCE_NONE, NULL);
		ck_assert_int_eq(advice->now, VERDICT_NOTHING);
		put(calls[i].module, "");
		ask(SOURCE_NONE, NULL);
		ck_assert_int_eq(advice->now, VERDICT_UNKNOWN);
		ck_assert_ptr_nonnull(strstr(advice->unknown.data[0], calls[i].module));
		done();
	}
}
END_TEST

static void check_folders(enum script_language language, const char *text, const char *expected)
{
	scope_str_vec folders = {};

	imports_folders(language, text, &folders);

	scope_free char *got = str_vec_join(&folders, " ");

	ck_assert_str_eq(got, expected);
}

START_TEST(folders_in_texts)
{
	check_folders(SCRIPT_PYTHON,
		      "import sys\nsys.path.insert(0, '/srv/l')\n# sys.path = ['/none']\n"
		      "sys.path += [\"/a b\", 'rel', \"/c\"]\nx = '/none'\n",
		      "/srv/l /a b /c");
	check_folders(SCRIPT_PERL,
		      "use lib '/srv/p';\nuse FindBin;\nuse lib \"$FindBin::Bin/../lib\";\n"
		      "use lib qw(x);\nuse lib 'open\n",
		      "/srv/p ../lib");
}
END_TEST

/* Modules lie where the script, its arguments or its environment say. */
START_TEST(modules_of_other_folders)
{
	machine("252");
	put_interpreter("/usr/bin/python3.11", "python3|main.py");
	put("/srv/app/main.py", "import sys\nsys.path.append('/srv/one')\nimport a, b, c\n");
	put("/srv/one/a.py", "");
	put("/srv/two/b.py", "");
	put("/srv/three/c.py", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(service("web.service")->nr_files, 2);
	ck_assert_ok(root_write(tree, "/proc/7/environ",
				"A=b\0PYTHONPATH=/srv/two:/srv/three\0X=", 38, 0644));
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(service("web.service")->nr_files, 4);
	put_interpreter("/usr/bin/perl", "perl|-I/srv/two|/srv/app/x");
	put("/srv/app/x", "use lib \"$FindBin::Bin/../one\";\nuse A;\nuse B;\n");
	put("/srv/one/A.pm", "");
	put("/srv/two/B.pm", "");
	ask(SOURCE_NONE, NULL);
	ck_assert_uint_eq(service("web.service")->nr_files, 3);
	done();
}
END_TEST

START_TEST(updates_of_modules)
{
	machine("252");
	put_interpreter("/usr/bin/python3.11", "python3|main.py");
	put("/srv/app/main.py", "import a\n");
	put("/usr/lib/python3/dist-packages/a.py", "");
	put("/var/lib/dpkg/info/python3-a.list", "/usr/lib/python3/dist-packages/a.py\n");
	put("/var/lib/dpkg/info/python3-b.list", "/usr/lib/python3/dist-packages/b.py\n");
	ck_assert_int_eq(action_of("python3-a", "2"), ACTION_RESTART);
	ck_assert_int_eq(action_of("python3-b", "2"), ACTION_NOTHING);
	ck_assert_int_eq(advice->pending, VERDICT_NOTHING);
	put("/srv/app/main.py", "import a\nexec(code)\n");
	ck_assert_int_eq(action_of("python3-b", "2"), ACTION_NOTHING);
	ck_assert_int_eq(advice->pending, VERDICT_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(advice->updates.data[0].why, "cannot tell"));
	done();
}
END_TEST

UNIT_SUITE("advise-script", scripts_behind_options, modules_in_texts, changed_modules_are_found,
	   what_is_not_read_is_unknown, folders_in_texts, modules_of_other_folders,
	   updates_of_modules)
