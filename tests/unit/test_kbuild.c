/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Farms, lists of units, commands, dependencies, equal objects. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/tempdir.h"
#include "kbuild/farm.h"
#include "kbuild/kbuild.h"
#include "pair/objects_equal.h"
#include "reach/makefile_change.h"
#include "unit.h"

static void put(const char *dir, const char *path, const char *text)
{
	scope_free char *file = xasprintf("%s/%s", dir, path);
	scope_free char *parent = path_parent(file);

	ck_assert_ok(dir_make(parent));
	ck_assert_ok(file_write(file, text, strlen(text)));
}

static void expect_text(const char *dir, const char *path, const char *wanted)
{
	scope_free char *file = xasprintf("%s/%s", dir, path);
	scope_free char *text = NULL;

	ck_assert_ok(file_read(file, &text, NULL));
	ck_assert_str_eq(text, wanted);
}

static bool is_link(const char *dir, const char *path)
{
	scope_free char *file = xasprintf("%s/%s", dir, path);
	struct stat st;

	return !lstat(file, &st) && S_ISLNK(st.st_mode);
}

struct trees {
	char *dir, *lower, *upper;
};

static void trees_open(struct trees *t)
{
	*t = (struct trees){};
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &t->dir));
	t->lower = xasprintf("%s/lower", t->dir);
	t->upper = xasprintf("%s/upper", t->dir);
	put(t->lower, "top.c", "top");
	put(t->lower, "a/b/c.c", "c");
	put(t->lower, "a/b/d.c", "d");
	put(t->lower, "a/e.h", "e");
	put(t->lower, "f/g/h.h", "h");
	ck_assert_ok(farm_make(t->upper, t->lower));
}

static void trees_close(struct trees *t)
{
	free(t->lower);
	free(t->upper);
	dir_temp_cleanup(&t->dir);
}

START_TEST(a_farm_is_real_only_where_it_must_be)
{
	struct trees t;

	trees_open(&t);
	ck_assert(is_link(t.upper, "a"));
	put(t.dir, "changed", "new");

	scope_free char *changed = xasprintf("%s/changed", t.dir);

	ck_assert_ok(farm_put(t.upper, t.lower, "a/b/c.c", changed));
	ck_assert(!is_link(t.upper, "a"));
	ck_assert(!is_link(t.upper, "a/b"));
	ck_assert(is_link(t.upper, "a/e.h"));
	ck_assert(is_link(t.upper, "f"));
	expect_text(t.upper, "a/b/c.c", "new");
	expect_text(t.upper, "a/b/d.c", "d");
	expect_text(t.lower, "a/b/c.c", "c");
	ck_assert_ok(farm_put(t.upper, t.lower, "new/dir/x.c", changed));
	expect_text(t.upper, "new/dir/x.c", "new");

	scope_free char *below = xasprintf("%s/new", t.lower);

	ck_assert(!dir_exists(below));
	trees_close(&t);
}
END_TEST

START_TEST(a_farm_can_lack_a_file)
{
	struct trees t;

	trees_open(&t);
	ck_assert_ok(farm_put(t.upper, t.lower, "a/b/c.c", NULL));

	scope_free char *gone = xasprintf("%s/a/b/c.c", t.upper);
	scope_free char *original = xasprintf("%s/a/b/c.c", t.lower);

	ck_assert_int_eq(access(gone, F_OK), -1);
	ck_assert(file_exists(original));
	/* Making the folder real again must not restore the entry. */
	ck_assert_ok(farm_descend(t.upper, t.lower, "a/b"));
	ck_assert_int_eq(access(gone, F_OK), -1);
	trees_close(&t);
}
END_TEST

START_TEST(a_full_farm_has_no_linked_folder)
{
	struct trees t;

	trees_open(&t);
	ck_assert_ok(farm_descend_all(t.upper, t.lower, ""));
	ck_assert(!is_link(t.upper, "f"));
	ck_assert(!is_link(t.upper, "f/g"));
	ck_assert(is_link(t.upper, "f/g/h.h"));
	/* An include that climbs out of its folder sees the farm's file. */
	put(t.dir, "changed", "new");

	scope_free char *changed = xasprintf("%s/changed", t.dir);

	ck_assert_ok(farm_put(t.upper, t.lower, "a/e.h", changed));
	expect_text(t.upper, "f/../a/e.h", "new");
	trees_close(&t);
}
END_TEST

static const char walk[] =
	"make: something\n"
	"D .\nY \nL \nT \n"
	"D fs\nY open.o pipe.o\nM binfmt-misc.o binfmt-misc.o\nL \nT \n"
	"D lib\nY crc.o\nL sort.o bsearch.o\nT \n"
	"D drivers/x\nY core.o\nM x_mod.o core.o ../y/util.o \nM x-b.o ../y/util.o ../x/lib/deep.o lib/deep.o\n"
	"L stub.o\nT drivers/x/vdso.o image.o core.o notes.txt\n"
	"H mkimage.o\n";

START_TEST(makefiles_answers_become_units)
{
	struct kbuild_units units = {};

	ck_assert_ok(kbuild_units_parse(kbuild_units_digest(walk, "lib/ arch/x86/lib/"), &units));
	ck_assert_uint_eq(units.units.len, 13);

	const struct kbuild_unit *unit = kbuild_unit_find(&units, "fs/binfmt-misc.o");

	ck_assert_str_eq(unit->owners, "binfmt_misc");
	ck_assert_int_eq(unit->kind, KBUILD_UNIT_KERNEL);
	unit = kbuild_unit_find(&units,
				"drivers/x/core.o"); /* it is built in, and also in a module */
	ck_assert_str_eq(unit->owners, "vmlinux x_mod");
	unit = kbuild_unit_find(&units, "drivers/y/util.o"); /* it is in two modules */
	ck_assert_str_eq(unit->owners, "x_b x_mod");
	ck_assert_str_eq(unit->goal, "drivers/x/../y/util.o");
	unit = kbuild_unit_find(&units,
				"drivers/x/lib/deep.o"); /* makefiles have two names for it */
	ck_assert_str_eq(unit->goal, "drivers/x/lib/deep.o");
	unit = kbuild_unit_find(&units, "lib/sort.o");
	ck_assert_int_eq(unit->kind, KBUILD_UNIT_LIB);
	unit = kbuild_unit_find(&units,
				"drivers/x/stub.o"); /* it is in a library outside the kernel */
	ck_assert_int_eq(unit->kind, KBUILD_UNIT_OTHER);
	unit = kbuild_unit_find(&units, "drivers/x/vdso.o");
	ck_assert_int_eq(unit->kind, KBUILD_UNIT_OTHER);
	ck_assert_str_eq(unit->owners, "");
	ck_assert_ptr_null(kbuild_unit_find(&units, "drivers/x/notes.txt"));
	unit = kbuild_unit_find(&units, "drivers/x/mkimage.o");
	ck_assert_int_eq(unit->kind, KBUILD_UNIT_HOST);
	ck_assert(!kbuild_unit_is_kernel(unit));
	kbuild_units_free(&units);
}
END_TEST

START_TEST(a_damaged_list_of_units_is_refused)
{
	struct kbuild_units units = {};

	ck_assert_fails(kbuild_units_parse(xstrdup("k a.o vmlinux\nnonsense\n"), &units),
			"damaged");
	kbuild_units_free(&units);
}
END_TEST

START_TEST(objects_are_named_after_sources)
{
	static const char *const names[][2] = {
		{"fs/pipe.c", "fs/pipe.o"}, {"a.b/x", "a.b/x.o"}, {"x.asn1.c", "x.asn1.o"}};

	for (size_t i = 0; i < array_size(names); i++) {
		scope_free char *object = kbuild_object_of(names[i][0]);

		ck_assert_str_eq(object, names[i][1]);
	}
}
END_TEST

static const char answer[] = "compile=gcc-12 -DX='\"a=b\"' -O2 \n"
			     "source=source/fs/x.c\n"
			     "depfile=fs/.x.o.d\n"
			     "enabled=%s\n"
			     "delayed=%s\n"
			     "objtool=./tools/objtool/objtool --orc  --module\n"
			     "finish=\n";

static void expect_objtool(const char *enabled, const char *delayed, const char *wanted)
{
	char text[sizeof(answer) + 8];
	struct kbuild_command command;

	snprintf(text, sizeof(text), answer, enabled, delayed);
	ck_assert_ok(kbuild_command_parse("x", text, &command));
	ck_assert_str_eq(command.compile, "gcc-12 -DX='\"a=b\"' -O2");
	ck_assert_str_eq(command.source, "source/fs/x.c");
	ck_assert_str_eq(command.depfile, "fs/.x.o.d");
	ck_assert_str_eq(command.objtool, wanted);
	kbuild_command_free(&command);
}

START_TEST(commands_are_read)
{
	struct kbuild_command command;

	expect_objtool("y", "", "./tools/objtool/objtool --orc  --module");
	expect_objtool("", "", "");
	/* With IBT, the build would run objtool later, on more units at once. */
	expect_objtool("", "y", "./tools/objtool/objtool --orc  --module");
	ck_assert_fails(kbuild_command_parse("x", "compile=gcc\nsource=x.c\n", &command),
			"depfile");
	ck_assert_fails(kbuild_command_parse("x", "", &command), "compile");
}
END_TEST

START_TEST(dependencies_are_read)
{
	static const char *const wanted[] = {"source/fs/x.c", "a b.h", "c$d.h", "e#f.h", "last.h"};
	scope_str_vec deps = {};

	kbuild_deps_parse("fs/x.o: source/fs/x.c a\\ b.h \\\n c$$d.h\\\n  e\\#f.h \\\r\n last.h\n",
			  &deps);
	ck_assert_uint_eq(deps.len, array_size(wanted));
	for (size_t i = 0; i < array_size(wanted); i++)
		ck_assert_str_eq(deps.data[i], wanted[i]);

	scope_str_vec none = {};

	kbuild_deps_parse("", &none);
	kbuild_deps_parse("x.o:", &none);
	ck_assert_uint_eq(none.len, 0);
}
END_TEST

START_TEST(complaints_are_quoted)
{
	scope_free char *errors =
		kbuild_first_errors("noise\nsource/fs/x.c:3:1: error: one\nnote\n"
				    "source/fs/x.c:4:1: error: two\nmake: *** [x] Error 1\n");
	scope_free char *other = kbuild_first_errors("a\nmake: *** No rule\nb\n");

	ck_assert_str_eq(errors, "fs/x.c:3:1: error: one; fs/x.c:4:1: error: two");
	ck_assert_str_eq(other, "make: *** No rule");

	/*
	 * The compiler's temporary assembler files do not exist any more when somebody reads the
	 * message.
	 */
	scope_free char *assembler = kbuild_first_errors(
		"source/fs/x.c: Assembler messages:\nsource/fs/x.c:3: Error: no such instruction: `foo'\n"
		"/tmp/suture-build.1/cclb3bci.s:40: Error: no such instruction: `baz'\n"
		"fs/proc/x.o.s:42: Error: no such instruction: `quux'\n");
	scope_free char *own =
		kbuild_first_errors("source/arch/x86/entry.S:3: Error: x\nlib/ccc.h:3: Error: y\n");

	ck_assert_str_eq(assembler, "fs/x.c:3: Error: no such instruction: `foo'; "
				    "Error: no such instruction: `baz'; "
				    "Error: no such instruction: `quux'");
	ck_assert_str_eq(own, "arch/x86/entry.S:3: Error: x; lib/ccc.h:3: Error: y");
}
END_TEST

static char *compile(const char *dir, const char *side, const char *text)
{
	scope_free char *folder = xasprintf("%s/%s", dir, side);
	const char *const argv[] = {
		"gcc", "-O2", "-fdata-sections", "-ffunction-sections", "-c", "-o", "x.o",
		"x.c", NULL};

	put(folder, "x.c", text);
	ck_assert_ok(proc_check(&(struct proc_spec){.argv = argv, .cwd = folder}, NULL));
	return xasprintf("%s/x.o", folder);
}

static void expect_equal(const char *one, const char *two, bool wanted)
{
	scope_dir_temp dir = NULL;
	bool equal = !wanted;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));

	scope_free char *pre = compile(dir, "pre", one);
	scope_free char *post = compile(dir, "post", two);

	ck_assert_ok(objects_equal(pre, post, &equal));
	ck_assert_msg(equal == wanted, "\"%s\" against \"%s\"", one, two);
}

START_TEST(objects_are_compared_by_what_they_load)
{
	expect_equal("int f(int a){return a;}", "int g(int); int f(int a){return a;}", true);
	expect_equal("int f(int a){return a;}", "int f(int a){return a+1;}", false);
	expect_equal("int g(int),h(int);int f(int a){return g(a)+1;}",
		     "int g(int),h(int);int f(int a){return h(a)+1;}", false);
	/* Only the symbol of one relocation differs. */
	expect_equal("int g(int),h(int);int e(void){return g(0)+h(0);}int f(int a){return g(a)+1;}",
		     "int g(int),h(int);int e(void){return g(0)+h(0);}int f(int a){return h(a)+1;}",
		     false);
	expect_equal("int v=1;", "int v=2;", false);
	expect_equal("int v;", "int w;", false);
	expect_equal("const char *s=\"a\";", "const char *s=\"b\";", false);
	/* gcc numbers static locals, so an additional one changes the number of the next. */
	expect_equal("static int n __asm__(\"n.0\"); int f(void){return n++;}",
		     "static int n __asm__(\"n.1\"); int f(void){return n++;}", true);
	expect_equal("static int n __asm__(\"n.0\"); int f(void){return n++;}",
		     "static int n __asm__(\"m.0\"); int f(void){return n++;}", false);
}
END_TEST

START_TEST(recipes_are_told_from_lists_of_objects)
{
	static const char old[] = "obj-y += a.o\n"
				  "ifeq ($(CONFIG_X),y)\n"
				  "\tobj-y += b.o\n"
				  "endif\n"
				  "cmd_make = perl $< \\\n"
				  "\t> $@\n"
				  "$(obj)/a.h: $(src)/a.pl\n"
				  "\t$(call cmd,make)\n"
				  "CFLAGS_a.o := $(call cc-option,-Wx=1)\n";
	static const struct {
		const char *from, *to;
		bool differ;
	} edits[] = {
		{"a.o\n", "a.o c.o\n", false},
		{"\tobj-y += b", "\tobj-m += b", false},
		{"-Wx=1", "-Wx=2", false},
		{"CFLAGS_a.o :=", "$(obj)/a.o: CFLAGS_a.o :=", true},
		{"obj-y += a.o\n", "# objects: all\n\nobj-y += a.o\n", false},
		{"obj-y += a.o\n", "obj-y += a.o # not a: rule\n", false},
		{"obj-y += a.o\n", "obj-y += a.o \\\\\nb: a\n", true},
		{"perl $<", "perl -w $<", true},
		{"> $@", ">> $@", true},
		{"a.pl\n", "b.pl\n", true},
		{"cmd,make", "cmd,made", true},
	};

	for (size_t i = 0; i < array_size(edits); i++) {
		const char *at = strstr(old, edits[i].from);
		scope_free char *new = xasprintf("%.*s%s%s", (int)(at - old), old, edits[i].to,
						 at + strlen(edits[i].from));

		ck_assert_msg(makefile_change_alters_recipes(old, new) == edits[i].differ, "%s",
			      edits[i].to);
		ck_assert_msg(makefile_change_alters_recipes(new, old) == edits[i].differ, "%s",
			      edits[i].to);
	}
	ck_assert(!makefile_change_alters_recipes(old, old));
	ck_assert(!makefile_change_alters_recipes("", "obj-y += a.o"));
}
END_TEST

UNIT_SUITE("kbuild_parts", a_farm_is_real_only_where_it_must_be, a_farm_can_lack_a_file,
	   a_full_farm_has_no_linked_folder, makefiles_answers_become_units,
	   a_damaged_list_of_units_is_refused, objects_are_named_after_sources, commands_are_read,
	   dependencies_are_read, complaints_are_quoted, objects_are_compared_by_what_they_load,
	   recipes_are_told_from_lists_of_objects)
