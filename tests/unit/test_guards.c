/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is let through of a patch's makefiles and sources, and what is not. */
#include <check.h>
#include <string.h>

#include "base/alloc.h"
#include "patch/makefile_guard.h"
#include "patch/source_guard.h"
#include "unit.h"

#define MAKEFILE "drivers/net/foo/Makefile"

/* A makefile like many in the kernel. */
static const char pristine[] = "# SPDX-License-Identifier: GPL-2.0\n"
			       "obj-$(CONFIG_FOO) += foo.o \\\n"
			       "\tbar.o\n"
			       "foo-y := a.o b.o\n"
			       "ifdef CONFIG_X\n"
			       "foo-y += c.o\n"
			       "endif\n"
			       "LIST := d.o e.o\nOTHER := d.o -DX\nhostprogs := gen\n"
			       "define cmd_thing\n"
			       "\techo $(shell id)\n"
			       "endef\n"
			       "$(obj)/table.h: $(obj)/gen FORCE\n"
			       "\t$(call if_changed,gen)\n"
			       "clean-files := table.h\n";

/* Returns the original text with one piece of it replaced. */
static char *changed(const char *from, const char *to)
{
	const char *at = strstr(pristine, from);

	ck_assert_msg(at != NULL, "no \"%s\"", from);
	return xasprintf("%.*s%s%s", (int)(at - pristine), pristine, to, at + strlen(from));
}

static void check_makefile(const char *after, bool hostile, const char *what)
{
	scope_hostile_lines found = {};

	makefile_guard(MAKEFILE, pristine, after, &found);
	ck_assert_msg(
		!!found.len == hostile, "%s: %s%s", what,
		hostile ? "was let through" : "was refused: ", found.len ? found.data[0].what : "");
}

/* Lines that a patch may add at the end, and remove again. */
static const char *const good[] = {
	"",
	"# a comment with $(shell x)\n",
	"# a comment, \\\ncontinued $(shell x)\n",
	"# Größe: 5 µs\n",
	"obj-y += x.o\n",
	"obj-m := x.o y.o sub/\n",
	"obj-$(CONFIG_A)$(CONFIG_B) += x.o\n",
	"obj-$(subst m,y,$(CONFIG_A)) += x.o\n",
	"obj-y += ../bar/x.o\n",
	"lib-$(CONFIG_A) += x.o\n",
	"SUBLEVEL = 193\nEXTRAVERSION =\nNAME = Hurr durr I'ma ninja sloth\n",
	"foo-$(CONFIG_A) += x.o\n",
	"foo-objs += $(foo-y) \\\n\tx.o \\\n\ty.o\n",
	"subdir-y += more\n",
	"ifeq ($(CONFIG_A),y)\nobj-y += x.o\nelse ifdef CONFIG_B\nobj-y += y.o\nelse\nobj-y += z.o\nendif\n",
	"ifneq ($(CONFIG_A)$(CONFIG_B),)\n  obj-y += x.o\nendif # CONFIG_A\n",
	"ifeq ($(BITS),64)\nendif\n",
	"ccflags-y += -DFOO=1 -UBAR -Wall -Wno-unused -O2 -fno-builtin -mno-sse\n",
	"ccflags-y += -I$(srctree)/drivers/net -I $(src) -I$(src)/../bar -Iinclude/x\n",
	"ccflags-$(CONFIG_A) += -DDEBUG\n",
	"subdir-ccflags-y += -Werror\n",
	"CFLAGS_foo.o := -DX -fno-stack-protector\n",
	"CFLAGS_REMOVE_foo.o = $(CC_FLAGS_FTRACE) -pg\n",
	"CFLAGS_foo.o += $(call cc-disable-warning, address-of-packed-member)\n",
	"CFLAGS_foo.o += $(call cc-option,-Wno-foo,-Wno-bar)\n",
	"KASAN_SANITIZE := n\nKASAN_SANITIZE_foo.o := n\nOBJECT_FILES_NON_STANDARD_foo.o := y\n",
};

static const char *const bad[] = {
	/* functions that run commands, read or write files, or make makefile text */
	"x := $(shell touch marker)\n",
	"x := ${shell touch marker}\n",
	"x != touch marker\n",
	"obj-y += $(shell touch marker)\n",
	"obj-y += $(if 1,$(shell touch marker)).o\n",
	"obj-y += x.o$(shell touch marker)\n",
	"obj-$(shell touch marker) += x.o\n",
	"$(shell touch marker)\n",
	"$(eval x := 1)\n",
	"$(info $(shell id))\n",
	"$(foreach a,b,$(call cmd_thing))\n",
	"x := $(file >marker)\n",
	"x := $(file <secret)\n",
	"x := $(guile 1)\n",
	"x := $(wildcard /etc/*)\n",
	"x = 1\n",
	"s := shell id\ny := $($(s))\n",
	"foo-y += $($(CONFIG_A))\n",
	"foo-y += $$x.o\n",
	"ifeq ($(shell id),y)\nendif\n",
	"ifeq '$(shell id)' 'y'\nendif\n",
	"ifneq ($(wildcard /etc/passwd),)\nendif\n",
	"ifdef $(shell id)\nendif\n",
	"ccflags-y += $(call cmd_thing)\n",
	"ccflags-y += $(call cc-option,$(shell id))\n",
	"ccflags-y += $(call cc-option,-fplugin=x)\n",
	"ccflags-y += $(call cc-disable-warning,$(shell id))\n",
	"ccflags-y += $(call cc-option,-DX,$(call cmd_thing))\n",
	/* includes, other variables, and other keywords */
	"include evil.mk\n",
	"-include evil.mk\n",
	"sinclude evil.mk\n",
	"include\tevil.mk\n",
	"load evil.so\n",
	"define x\nendef\n",
	"override define x\nendef\n",
	"define if_changed\n\ttouch marker\nendef\n",
	"endef\n",
	"undefine obj\n",
	"vpath %.c /tmp\n",
	"VPATH := /tmp\n",
	"export CC := evil\n",
	"export\n",
	"unexport PATH\n",
	"override CC := evil\n",
	"override obj-y += x.o\n",
	"private obj-y += x.o\n",
	"CC := evil\n",
	"SHELL := ./evil\n",
	".SHELLFLAGS := -c evil\n",
	"MAKEFLAGS += --eval=x\n",
	"GNUMAKEFLAGS += -n\n",
	".RECIPEPREFIX := >\n",
	".DEFAULT_GOAL := x\n",
	"MAKEFILES := evil.mk\n",
	"srctree := /tmp\n",
	"obj := /tmp\n",
	"KBUILD_CFLAGS += -DX\n",
	"KBUILD_HOSTCFLAGS += -DX\n",
	"HOSTCFLAGS_gen.o := -DX\n",
	"HOSTLDLIBS_gen := -lx\n",
	"gen-objs := evil.o\n",
	"obj-$(CONFIG_NO) += gen.o\ngen-y := evil.o\n",
	"hostprogs += evil\n",
	"hostprogs-always-y += evil\n",
	"userprogs += evil\n",
	"always-y += evil\n",
	"extra-y += evil\n",
	"targets += evil\n",
	"cmd_x = touch marker\n",
	"cmd_cc_o_c = touch marker\n",
	"quiet_cmd_x = x\n",
	"objtool := evil\n",
	"ldflags-y += -T/etc/passwd\n",
	"other-y += x.o\n",
	"OTHER += x.o\n",
	"LIST += -DX\n",
	"UNKNOWN += x.o\n",
	"SUBLEVEL = $(shell id)\n",
	"NAME = `id`\n",
	/* rules */
	"x: y\n\ttouch marker\n",
	"x:\n",
	"x: ; touch marker\n",
	"x::\n",
	"%.o: %.c\n\ttouch marker\n",
	"x.o: private CC = evil\n",
	"$(obj)/foo.o: CFLAGS += -DX\n",
	".PHONY: x\n",
	".ONESHELL:\n",
	".SECONDEXPANSION:\n",
	"\ttouch marker\n", /* a tab makes it a part of the rule above */
	"\tobj-y += x.o\n",
	"obj-y += x.o\n\ttouch marker\n",
	/* words that are not objects */
	"obj-y += /etc/passwd.o\n",
	"obj-y += ../../../../x.o\n",
	"obj-y += ../../../../etc/\n",
	"obj-y += -x.o\n",
	"obj-y += x.o;touch marker\n",
	"obj-y += `id`.o\n",
	"obj-y += x.o|y.o\n",
	"obj-y += $x.o\n",
	"obj-y += x.c\n",
	"obj-y += 'x.o'\n",
	"obj-y += x\\ y.o\n",
	"obj-y += \\\n$(shell id)\n",
	"obj-y += %.o\n",
	"obj-y += x.o \x0c$(shell id)\n",
	"obj-y += x.o\r$(shell id)\n",
	"subdir-y += ../../../../etc\n",
	/* flags that name a file or a program, or contain text for a shell */
	"ccflags-y += -fplugin=evil.so\n",
	"ccflags-y += -fplugin-arg-x-y=z\n",
	"ccflags-y += -wrapper sh,-c\n",
	"ccflags-y += -B.\n",
	"ccflags-y += -B .\n",
	"ccflags-y += -specs=evil\n",
	"ccflags-y += --specs=evil\n",
	"ccflags-y += @evil\n",
	"ccflags-y += -x c\n",
	"ccflags-y += -xc\n",
	"ccflags-y += -imacros /etc/passwd\n",
	"ccflags-y += -include /etc/passwd\n",
	"ccflags-y += -idirafter /etc\n",
	"ccflags-y += -isystem /etc\n",
	"ccflags-y += -iquote /etc\n",
	"ccflags-y += -I/etc\n",
	"ccflags-y += -I /etc\n",
	"ccflags-y += -I\n",
	"ccflags-y += -I../../etc\n",
	"ccflags-y += -I$(srctree)/../etc\n",
	"ccflags-y += -I$(src)/../../../../etc\n",
	"ccflags-y += -I$(srctree)x/../..\n",
	"ccflags-y += --sysroot=/\n",
	"ccflags-y += -save-temps\n",
	"ccflags-y += -o/tmp/x\n",
	"ccflags-y += -MF/tmp/x\n",
	"ccflags-y += -dumpdir/tmp/x\n",
	"ccflags-y += -fdump-tree-all=/tmp/x\n",
	"ccflags-y += -fprofile-use=/etc/x\n",
	"ccflags-y += -fauto-profile=/etc/x\n",
	"ccflags-y += -fuse-ld=x\n",
	"ccflags-y += -flto\n",
	"ccflags-y += -Wa,-x\n",
	"ccflags-y += -Wp,-MD,/tmp/x\n",
	"ccflags-y += -Wl,x\n",
	"ccflags-y += -Xassembler x\n",
	"ccflags-y += -mllvm -load=x\n",
	"ccflags-y += -DX=\"y\"\n",
	"ccflags-y += -DX='$(shell id)'\n",
	"ccflags-y += -DX=/etc/passwd\n",
	"ccflags-y += -DX(y)=z\n",
	"ccflags-y += -DX;touch\n",
	"ccflags-y += -DX -DY|sh\n",
	"ccflags-y += $(shell id)\n",
	"ccflags-y += $(KBUILD_EVIL)\n",
	"CFLAGS_foo.o += -include evil.h\n",
	"CFLAGS_$(shell id).o += -DX\n",
	"CFLAGS_foo.c += -DX\n",
	"CC_FLAGS_FTRACE := -fplugin=x\n",
	"KASAN_SANITIZE := $(shell id)\n",
};

START_TEST(objects_and_plain_flags_are_let_through)
{
	for (size_t i = 0; i < array_size(good); i++) {
		scope_free char *after = xasprintf("%s%s", pristine, good[i]);
		scope_hostile_lines found = {};

		check_makefile(after, false, good[i]);
		makefile_guard(MAKEFILE, after, pristine, &found);
		ck_assert_msg(!found.len, "%s: cannot be removed", good[i]);
	}
	/* All lines of a new makefile count as added; a removed one runs nothing. */
	for (size_t i = 0; i < array_size(good); i++) {
		scope_free char *text = xasprintf("obj-y += foo.o\n%s", good[i]);
		scope_hostile_lines found = {};

		makefile_guard(MAKEFILE, NULL, text, &found);
		ck_assert_msg(!found.len, "%s: %s", text, found.len ? found.data[0].what : "");
	}
	scope_hostile_lines none = {};

	makefile_guard(MAKEFILE, pristine, NULL, &none);
	ck_assert_uint_eq(none.len, 0);
}
END_TEST

START_TEST(everything_else_is_refused)
{
	for (size_t i = 0; i < array_size(bad); i++) {
		scope_free char *after = xasprintf("%s%s", pristine, bad[i]);
		scope_free char *dos = xcalloc(2, strlen(after) + 1);
		scope_hostile_lines found = {};
		size_t len = 0;

		check_makefile(after, true, bad[i]);
		/* A new file has neither the rule above the line nor the program. */
		makefile_guard(MAKEFILE, NULL, bad[i], &found);
		ck_assert_msg(found.len || *bad[i] == '\t' || strstr(bad[i], "gen-"),
			      "%s: was let through in a new makefile", bad[i]);
		for (const char *c = after; *c; c++) {
			if (*c == '\n')
				dos[len++] = '\r';
			dos[len++] = *c;
		}
		check_makefile(dos, true, "with carriage returns");
	}
}
END_TEST

/*
 * Checks changes in the middle: in a definition, in a recipe, and of lines that begin or end these.
 */
START_TEST(context_counts)
{
	static const char *const edits[][2] = {
		{"\techo $(shell id)\n", "\techo\n"},
		{"\techo $(shell id)\n", "\techo $(shell id)\nobj-y += x.o\n"},
		{"\techo $(shell id)\n", "obj-y += x.o\n"},
		{"define cmd_thing\n", ""},
		{"endef\n", ""},
		{"define cmd_thing\n", "define cmd_other\n"},
		{"define cmd_thing\n", "# \\\ndefine cmd_thing\n"},
		{"hostprogs := gen\n", "hostprogs := gen # \\\n"},
		{"\t$(call if_changed,gen)\n", "\t$(call if_changed,gen)\n\ttouch marker\n"},
		{"\t$(call if_changed,gen)\n",
		 "\t$(call if_changed,gen)\n\t# \\\n\ttouch marker\n"},
		{"\t$(call if_changed,gen)\n", "\t$(call if_changed,gen); touch marker\n"},
		{"\t$(call if_changed,gen)\n", ""},
		{"FORCE\n", "FORCE \\\n\tx\n"},
		{"$(obj)/table.h: ", "$(obj)/table.h $(obj)/foo.o: "},
		{"hostprogs := gen\n", "hostprogs := gen evil\n"},
		{"clean-files := table.h\n", "clean-files := $(shell id)\n"},
		{"foo-y := a.o b.o\n", "foo-y := a.o b.o \\\nx := $(shell id)\n"},
		{"foo-y := a.o b.o\n", "foo-y := a.o b.o \\\r\n$(shell id)\n"},
	};
	static const char *const fine[][2] = {
		{"foo-y := a.o b.o\n", "foo-y := a.o \\\n\tb.o d.o\n"},
		{"LIST := d.o e.o\n", "LIST := d.o e.o x.o\nLIST += y.o\n"},
		{"foo-y += c.o\n", "foo-y += c.o d.o\nelse\nfoo-y += e.o\n"},
		{"\tbar.o\n", "\tbar.o \\\n\tbaz.o\n"},
		{"foo.o \\\n\tbar.o\n", "foo.o\n"},
		{"ifdef CONFIG_X\nfoo-y += c.o\nendif\n", "foo-$(CONFIG_X) += c.o\n"},
		{"# SPDX", "# New\n#\n# SPDX"},
	};

	for (size_t i = 0; i < array_size(edits); i++) {
		scope_free char *after = changed(edits[i][0], edits[i][1]);

		check_makefile(after, true, edits[i][1]);
	}
	for (size_t i = 0; i < array_size(fine); i++) {
		scope_free char *after = changed(fine[i][0], fine[i][1]);

		check_makefile(after, false, fine[i][1]);
	}
}
END_TEST

START_TEST(the_line_is_named)
{
	scope_free char *after = changed("foo-y += c.o\n", "foo-y += c.o\nx := $(shell id)\n");
	scope_hostile_lines found = {};

	makefile_guard(MAKEFILE, pristine, after, &found);
	ck_assert_uint_eq(found.len, 1);
	ck_assert_uint_eq(found.data[0].line, 7);
	ck_assert_str_eq(found.data[0].what,
			 "a line that the patch adds runs a command with $(shell …)");
}
END_TEST

static const char *const bad_sources[] = {
	"asm(\".incbin \\\"/etc/hostname\\\"\");",
	"asm(\".inc\" \"bin \\\"/etc/hostname\\\"\");",
	"asm(\".inc\"\n /* x */ \"bin \\\"/etc/hostname\\\"\");",
	"asm(\".INCBIN \\\"/etc/hostname\\\"\");",
	"asm(\".\\x69ncbin \\\"x\\\"\");",
	"asm(\".\\151ncbin \\\"x\\\"\");",
	"asm(\".inc\\\nbin \\\"x\\\"\");",
	"asm(\".include \\\"/etc/hostname\\\"\");",
	"asm(\"nop; .include \\\"x\\\"\");",
	".incbin \"x\"",
	"\t.include \"/etc/hostname\"",
	".macro m f\n.include \\f\n.endm",
	"#define DATA .incbin",
	"#include \"/etc/hostname\"",
	"#include </etc/hostname>",
	"#  include\t\"/dev/zero\"",
	"#/* x */include \"/dev/zero\"",
	"/* x */ # /* y */ include /* z */ \"/dev/zero\"",
	"#inc\\\nlude \"/dev/zero\"",
	"#include \\\n \"/dev/zero\"",
	"%:include \"/dev/zero\"",
	"?\?=include \"/dev/zero\"",
	"#include \"../../../x\"",
	"#include <../../../etc/hostname>",
	"#include \"a/../../../../x\"",
	"#include_next \"/dev/zero\"",
	"#import \"/dev/zero\"",
	"#define F \"/dev/zero\"\n#include F",
	"#include __stringify(F)",
	"#embed \"/etc/hostname\"",
	"char x[] = {\n#embed \"x\"\n};",
	"#line 1 \"/etc/shadow\"",
	"# 1 \"/etc/shadow\"",
	"#line 1 \"../../../etc/shadow\"",
	"#if __has_include(\"/etc/hostname\")\n#endif",
	"#if __has_include (</etc/hostname>)\n#endif",
	"#if __has_embed(\"x\")\n#endif",
	"#pragma GCC dependency \"/etc/hostname\"",
	"#pragma  GCC\tdependency \"x\"",
	"_Pragma(\"GCC dependency \\\"/etc/hostname\\\"\")",
	"#pragma GCC pch_preprocess \"x\"",
	"#define TRACE_INCLUDE_PATH /etc",
	/* A character constant with an escaped quote does not start a string. */
	"char a = '\\x22';\n#include \"/dev/zero\"",
	"int a = '\\042', b = '\\x0022'; asm(\".incbin \\\"x\\\"\");",
	"int a = 'ab\"c'; asm(\".incbin \\\"x\\\"\");",
	"int a = '\\'', b = '\"'; asm(\".inc\" \"bin \\\"x\\\"\");",
	"int a = u'\"';\n#include \"/etc/passwd\"",
	"don't \" ;\n#include \"/etc/passwd\"",
	/* Raw strings have another end than other strings. */
	"char *s = R\"x(\" /* )x\";\n#include \"/dev/zero\"",
	"char *s = R\"(\")\"; asm(\".incbin \\\"x\\\"\");",
	"char *s = LR\"(\n)\";",
	/* After this, the compiler's list of files that it reads omits what the file includes. */
	"#pragma GCC system_header",
	"_Pragma(\"GCC system_header\")",
	"# 1 \"fs/proc/version.c\" 3",
	/* Macros make the names for #line here. */
	"#define F \"/etc/shadow\"\n#line 1 F",
	"#define N 1 \"/etc/shadow\"\n#line N",
	"#line __LINE__ F",
	/* Names in angle brackets are relative to folders of headers, however deep the file is. */
	"#include <../../../x>",
	"#include <linux/../../../../x>",
	"#if __has_include(<../../../x>)\n#endif",
};

static const char *const good_sources[] = {
	"#include <linux/fs.h>",
	"#include \"internal.h\"",
	"#include \"../internal.h\"",
	"#include \"../../mm/internal.h\"",
	"/* .incbin \"/etc/hostname\" */",
	"// #include \"/etc/hostname\"",
	"char *s = \"#include \\\"/x\\\"\";",
	"struct x y = {.include = \"/etc\"};",
	"int incbinary, my_incbin;",
	"#line 7 \"fs/proc/x.c\"",
	"#if __has_include(\"x.h\")\n#endif",
	"#pragma GCC diagnostic ignored \"-Wx\"",
	"char c = '\"'; // #include \"/x\"",
	"#define TRACE_INCLUDE_PATH ../../drivers/net",
	"char *p = \"/etc/passwd\";",
	"int a = '\\x22', b = '\\\\'; char *s = \"#include\";",
	"// don't do this: can't",
	"#error don't\n#include \"internal.h\"",
	"#define FOOR \"x\"\nchar *s = FOOR\"(\";",
	"#line 7",
	"#include <../../x.h>",
};

START_TEST(sources_read_the_tree_alone)
{
	for (size_t i = 0; i < array_size(bad_sources); i++) {
		scope_free char *after = xasprintf("int a;\n%s\n", bad_sources[i]);
		scope_hostile_lines found = {}, kept = {};

		source_guard("fs/proc/version.c", "int a;\n", after, &found);
		ck_assert_msg(found.len != 0, "%s: was let through", bad_sources[i]);
		ck_assert_uint_ge(found.data[0].line, 2);
		/* Constructs that the kernel's source has already are not the patch's. */
		source_guard("fs/proc/version.c", after, after, &kept);
		ck_assert_msg(!kept.len, "%s: is blamed on the patch", bad_sources[i]);
	}
	for (size_t i = 0; i < array_size(good_sources); i++) {
		scope_hostile_lines found = {};

		source_guard("fs/proc/version.c", NULL, good_sources[i], &found);
		ck_assert_msg(!found.len, "%s: %s", good_sources[i],
			      found.len ? found.data[0].what : "");
	}
}
END_TEST

START_TEST(the_folder_of_the_file_counts)
{
	static const struct {
		const char *path, *text;
		bool hostile;
	} lines[] = {
		{"drivers/net/ethernet/a/b/c.c", "#include \"../../../../../mm/slab.h\"", false},
		{"drivers/net/ethernet/a/b/c.c", "#include \"../../../../../../x\"", true},
		{"drivers/net/ethernet/a/b/c.c", "#include <../../../../../etc/passwd>", true},
		{"drivers/net/ethernet/a/b/c.c", "#include <../../../x>", true},
		{"kernel/fork.c", "#include \"../mm/slab.h\"", false},
		{"kernel/fork.c", "#include \"../../x\"", true},
	};

	for (size_t i = 0; i < array_size(lines); i++) {
		scope_hostile_lines found = {};

		source_guard(lines[i].path, NULL, lines[i].text, &found);
		ck_assert_msg(found.len == lines[i].hostile, "%s in %s", lines[i].text,
			      lines[i].path);
	}
}
END_TEST

START_TEST(configuration_runs_nothing)
{
	scope_hostile_lines found = {}, fine = {};

	source_guard_kconfig("config A\n", "config A\n\tdefault $(shell,id)\n", &found);
	ck_assert_uint_eq(found.len, 1);
	ck_assert_uint_eq(found.data[0].line, 2);
	source_guard_kconfig("\tdefault $(shell,id)\n", "config A\n\tdefault $(shell,id)\n", &fine);
	ck_assert_uint_eq(fine.len, 0);
}
END_TEST

UNIT_SUITE("guards", objects_and_plain_flags_are_let_through, everything_else_is_refused,
	   context_counts, the_line_is_named, sources_read_the_tree_alone,
	   the_folder_of_the_file_counts, configuration_runs_nothing)
