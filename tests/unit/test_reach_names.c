/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a change of a header is about, and whom that reaches. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "reach/changed_names.h"
#include "reach/cnames.h"
#include "reach/include_graph_build.h"
#include "reach/chunk_kind.h"
#include "reach/spread.h"
#include "reach_tree.h"

static void expect_tokens(const char *text, const char *wanted)
{
	struct ctoken_vec tokens = {};
	scope_strbuf out = STRBUF_INIT;

	ctokens_cut(text, strlen(text), &tokens);
	vec_foreach(&tokens, it)
		strbuf_addf(&out, "%.*s|", (int)it->len, it->text);
	vec_free(&tokens);
	ck_assert_str_eq(out.buf, wanted);
}

START_TEST(text_is_cut_into_tokens)
{
	expect_tokens("int f(void);", "int|f|(|void|)|;|");
	expect_tokens("a/* b \" */c // d\ne", "a|c|e|");
	expect_tokens("\"a\\\"b /*\" 'x' '\\'' 0x1fUL", "\"a\\\"b /*\"|'x'|'\\''|0x1fUL|");
	expect_tokens("#define A \\\n 1 /* x\n y */ 2\nb", "#|define|A|1|2||b|");
	expect_tokens("a##b # c", "a|##|b|#|c|");
	expect_tokens("#if X", "#|if|X||");
	expect_tokens("fo\\\no", "fo|o|"); /* nobody breaks names like this */
	expect_tokens("\"open\nint", "\"open|int|");
	expect_tokens("/* open", "");
	expect_tokens("", "");
}
END_TEST

/* Checks the names of each chunk; "?" means that they cannot be determined. */
static void expect_names(const char *text, const char *wanted)
{
	struct ctoken_vec tokens = {};
	struct cchunk_vec chunks = {};
	scope_strbuf out = STRBUF_INIT;

	ctokens_cut(text, strlen(text), &tokens);
	cchunks_cut(&tokens, &chunks);
	vec_foreach(&chunks, chunk) {
		struct ctoken_ref_vec names = {};
		bool known = cchunk_names(&tokens, chunk, &names);

		vec_foreach(&names, it) {
			if (known)
				strbuf_addf(&out, "%.*s ", (int)(*it)->len, (*it)->text);
		}
		strbuf_addstr(&out, known ? "; " : "?; ");
		vec_free(&names);
	}
	vec_free(&chunks);
	vec_free(&tokens);
	ck_assert_msg(!strcmp(out.buf, wanted), "\"%s\" declares \"%s\", not \"%s\"", text, out.buf,
		      wanted);
}

START_TEST(functions_are_named)
{
	expect_names("static inline int f(int a) { return g(a); }", "f ; ");
	expect_names("static inline struct s *f(struct s *a)\n{\n\tif (a) {\n\t}\n}\nint g(void);",
		     "f ; g ; ");
	expect_names("extern __printf(1, 2) void f(const char *fmt, ...) __must_check;", "f ; ");
	expect_names("unsigned long f(void) __acquires(x);", "f ; ");
	expect_names("void (*f(int a))(int);", "f ; ");
	expect_names("typeof(x) f(void);", "f ; ");
	expect_names(
		"static inline u32 f(u32 a)\n{\n#ifdef X\n\tif (a) {\n#else\n\t{\n#endif\n\t}\n}\n"
		"int g;",
		"f ; g ; ");
	/* The brace in the first column belongs to the macro. */
	expect_names(
		"int f(void)\n{\n#define G(x) do { \\\n\tx; \\\n} while (0)\n\tG(1);\n}\nint h;",
		"?; h ; ");
}
END_TEST

START_TEST(objects_and_types_are_named)
{
	expect_names("extern int a, *b, c[3];", "a b c ; ");
	expect_names("extern struct s a[], b;", "a b ; ");
	expect_names("static const struct s a = { .x = b, };", "a ; ");
	expect_names("struct s { int m; struct t *n; };", "s ; ");
	expect_names("struct s;", "; ");
	expect_names("struct __attribute__((packed)) s { int m; } __packed;", "s ; ");
	expect_names("typedef struct { int m; } s_t;", "s_t ; ");
	expect_names("typedef int (*fn_t)(struct s *, int);", "fn_t ; ");
	expect_names("typedef __u32 le;", "le ; ");
	expect_names("enum e { A, B = F(x, y), C };", "e A B C ; ");
	expect_names("struct s { enum { A, B } m; struct in { int n; } o; };", "s A B in ; ");
	expect_names("struct s { enum e m; };", "s ; ");
}
END_TEST

START_TEST(directives_are_named)
{
	expect_names("#define M(x) foo(x)\n#undef N\n", "M ; N ; ");
	expect_names("#if X\n#include <a.h>\n#else\n#endif\n#pragma x\n", "?; ?; ?; ?; ?; ");
}
END_TEST

START_TEST(what_cannot_be_told_is_not)
{
	expect_names("DECLARE_PER_CPU(int, x);", "?; ");
	expect_names("static DEFINE_MUTEX(x);", "?; ");
	expect_names("EXPORT_SYMBOL(x)\nint y;", "?; ");
	expect_names("int x __unknown;", "?; ");
	expect_names("int x __unknown(8), y;", "?; ");
	expect_names("a b c;", "?; ");
	/* Every file that includes them has a copy, even if it does not name it. */
	expect_names("int x = 1;", "?; ");
	expect_names("int f(void) { return 1; }", "?; ");
	expect_names("static int x __section(\"y\") = 1;", "?; ");
	expect_names("asm(\".globl x\");", "?; ");
	expect_names("}}}", "?; ");
}
END_TEST

/* Checks the changed names; "?" means that they cannot be determined. */
static void expect_change(const char *before, const char *after, const char *wanted)
{
	scope_dir_temp dir = NULL;
	scope_str_vec names = {};
	scope_strbuf out = STRBUF_INIT;
	bool known;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	put(dir, "before", before);
	put(dir, "after", after);

	scope_free char *one = xasprintf("%s/before", dir);
	scope_free char *two = xasprintf("%s/after", dir);

	ck_assert_ok(changed_names_find(one, two, &names, &known));
	str_vec_sort_unique(&names);
	vec_foreach(&names, it)
		strbuf_addf(&out, "%s ", *it);
	ck_assert_msg(!strcmp(known ? out.buf : "?", wanted), "\"%s\" to \"%s\" is \"%s\"", before,
		      after, known ? out.buf : "?");
}

START_TEST(changes_are_named)
{
	expect_change("int a;\nint b;\n", "int a; /* new */\n\n\nint b;\n", "");
	expect_change("int a;\nint b;\n", "int a;\nint c;\nint b;\n", "c ");
	expect_change("static inline int f(void)\n{\n\treturn 1;\n}\n",
		      "static inline int f(void)\n{\n\treturn 2;\n}\n", "f ");
	expect_change("#define A 1\n", "#define A 2\n", "A ");
	expect_change("#define A 1\n2\n", "#define A 1 2\n",
		      "?"); /* in a directive, the end of the line matters */
	expect_change("struct s { int a; };\n", "struct s { int a, b; };\n", "s ");
	expect_change("int a;\nint b;\n", "int b;\nint a;\n", "?");
	expect_change("#ifdef X\nint a;\n#endif\n", "#ifdef Y\nint a;\n#endif\n", "?");
	expect_change("int a;\n#ifdef X\n#endif\n", "#ifdef X\nint a;\n#endif\n", "?");
	expect_change("int a;\n", "#include <b.h>\nint a;\n", "?");
}
END_TEST

/* ---- spreading ---- */

static const char *const tree[][2] = {
	{"source/include/linux/compiler-version.h", ""},
	{"source/include/linux/kconfig.h", ""},
	{"source/include/linux/compiler_types.h", ""},
	{"source/include/h.h", "static inline int f(void) { return 1; }\n"
			       "static inline int g(void) { return f(); }\n"
			       "#define VIA_MACRO g\n"
			       "#define GLUE(a) f##a\n"
			       "#define PAIR(a, b) a##b\n"
			       "struct s { int m; };\n"
			       "struct outer { struct s s; };\n"
			       "extern struct outer *get(void);\n"
			       "struct holder { int (*f)(void); };\n"
			       "extern struct holder *hold(void);\n"
			       "extern typeof(f) same_as_f;\n"
			       "static inline int alone(void) { return 2; }\n"
			       "#define THROUGH(a, b) PAIR(a, b)\n"
			       "#define LATE(a, b) THROUGH(a, b)\n"
			       "struct apart { int al, one; };\n"
			       "#define TWICE(a, b) 0\n"},
	{"source/include/cond.h", "#ifdef cond_name\n#endif\n"},
	{"source/include/emits.h", "static int table __used = OTHER;\n"},
	{"source/direct.c", "#include <h.h>\nint x(void) { return f(); }\n"},
	{"source/second.c", "#include <h.h>\nint x(void) { return g(); }\n"},
	{"source/macro.c", "#include <h.h>\nint x(void) { return VIA_MACRO(); }\n"},
	{"source/none.c", "#include <h.h>\nint x(void) { return 3; /* f */ }\n"},
	{"source/glued.c", "#include <h.h>\nint x(void) { return PAIR(al, one)(); }\n"},
	{"source/late.c", "#include <h.h>\nint x(void) { return LATE(al, one)(); }\n"},
	{"source/twice.c", "#include <h.h>\n#undef TWICE\n#include <twice.h>\n"
			   "int x(void) { return TWICE(al, one)(); }\n"},
	{"source/include/twice.h", "#define TWICE(a, b) a##b\n"},
	{"source/apart.c", "#include <h.h>\nint x(struct apart *p) { return p->al; }\n"},
	{"source/split.c", "#include <h.h>\nint x(int al, int one) { return al + one; }\n"},
	{"source/type.c", "#include <h.h>\nint x(void) { return get()->s.m; }\n"},
	{"source/hold.c", "#include <h.h>\nint x(void) { return hold() != 0; }\n"},
	{"source/typeof.c", "#include <h.h>\nint x(void) { return same_as_f(); }\n"},
	{"source/cond.c", "#include <h.h>\n#include <cond.h>\nint x;\n"},
	{"source/emits.c", "#include <h.h>\n#include <emits.h>\nint x;\n"},
	{"source/part.c", "int y = f();\n"},
	{"source/whole.c", "#include <h.h>\n#include \"part.c\"\n"},
	{"build/none", ""},
};

static const char *const roots[] = {
	"direct.c", "second.c", "macro.c",  "none.c", "glued.c", "type.c",  "cond.c",  "emits.c",
	"whole.c",  "hold.c",	"typeof.c", "late.c", "twice.c", "apart.c", "split.c", NULL};

/* Checks which sources a change of the name reaches; it may be known to stand for a function. */
static void expect_kind_reached(const char *name, bool is_function, const char *wanted)
{
	scope_dir_temp dir = NULL;
	scope_free char *data = NULL;
	scope_include_graph graph = NULL;
	scope_str_vec includers = {};
	scope_str_vec names = {};
	scope_strbuf out = STRBUF_INIT;
	bool reached[array_size(roots)] = {};
	size_t size;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	for (size_t i = 0; i < array_size(tree); i++)
		put(dir, tree[i][0], tree[i][1]);

	scope_free char *source = xasprintf("%s/source", dir);
	scope_free char *build = xasprintf("%s/build", dir);

	ck_assert_ok(include_graph_build(&(struct include_graph_spec){source, build, "x86", roots},
					 NULL, &data, &size));
	ck_assert_ok(include_graph_open(data, size, &graph));
	include_graph_users(graph, "include/h.h", &includers);
	str_vec_sort_unique(&includers);
	ck_assert_uint_eq(includers.len, array_size(roots) - 1);
	vec_push(&names, xstrdup(name));

	struct spread_spec spec = {graph, source, build, &includers, NULL};
	bool before[array_size(roots)] = {};
	scope_str_vec others = {};
	scope_spread spread = NULL;

	/* What was asked before has no part in the answer. */
	vec_push(&others, xstrdup("VIA_MACRO"));
	ck_assert_ok(spread_open(&spec, &spread));
	ck_assert_ok(spread_names(spread, &others, NULL, before));
	ck_assert_ok(spread_names(spread, &names, is_function ? &names : NULL, reached));
	for (size_t i = 0; i < includers.len; i++) {
		if (reached[i])
			strbuf_addf(&out, "%s ", includers.data[i]);
	}
	ck_assert_msg(!strcmp(out.buf, wanted), "%s reaches \"%s\", not \"%s\"", name, out.buf,
		      wanted);
}

static void expect_reached(const char *name, const char *wanted)
{
	expect_kind_reached(name, false, wanted);
}

START_TEST(names_reach_who_names_them)
{
	expect_reached("f", "direct.c hold.c macro.c second.c typeof.c whole.c ");
	expect_reached("g", "macro.c second.c ");
	expect_reached("VIA_MACRO", "macro.c ");
	expect_reached("nobody", "");
}
END_TEST

START_TEST(functions_do_not_reach_through_types)
{
	expect_kind_reached("f", true, "direct.c macro.c second.c typeof.c whole.c ");
	expect_kind_reached("g", true, "macro.c second.c ");
	expect_kind_reached("VIA_MACRO", true, "macro.c ");
}
END_TEST

static void expect_function(const char *text, bool wanted)
{
	scope_dir_temp dir = NULL;
	scope_cfile file = {};

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &dir));
	put(dir, "a.h", text);

	scope_free char *path = xasprintf("%s/a.h", dir);

	ck_assert_ok(cfile_read(path, &file));
	ck_assert_msg(cfile_has_function(&file, "f") == wanted, "%s", text);
}

START_TEST(functions_are_told_from_the_rest)
{
	expect_function("int f(int a);\n", true);
	expect_function("extern struct s *f(int (*a)(void));\n", true);
	expect_function("static inline int f(int a) { return a; }\n", true);
	expect_function("int f(int a);\nint f(int a) { return a; }\n", true);
	expect_function("int g(int f);\n", false);
	expect_function("#define f(a) a\n", false);
	expect_function("int f(int a);\n#define f(a) a\n", false);
	expect_function("extern int (*f)(int a);\n", false);
	expect_function("extern int f[];\n", false);
	expect_function("struct f { int a; };\n", false);
	expect_function("typedef int (*f)(int a);\n", false);
	expect_function("enum e { f = 1 };\n", false);
	expect_function("static const int f = sizeof(int);\n", false);
	expect_function("DECLARE(f);\n", false);
}
END_TEST

START_TEST(types_reach_through_other_types)
{
	expect_reached("s", "type.c ");
}
END_TEST

START_TEST(glued_names_are_found)
{
	expect_reached("alone", "glued.c late.c twice.c ");
}
END_TEST

START_TEST(conditions_and_emitted_data_reach_all_includers)
{
	expect_reached("cond_name", "cond.c ");
	expect_reached("OTHER", "emits.c ");
}
END_TEST

UNIT_SUITE("kbuild_taint", text_is_cut_into_tokens, functions_are_named,
	   objects_and_types_are_named, directives_are_named, what_cannot_be_told_is_not,
	   changes_are_named, names_reach_who_names_them, functions_do_not_reach_through_types,
	   functions_are_told_from_the_rest, types_reach_through_other_types, glued_names_are_found,
	   conditions_and_emitted_data_reach_all_includers)
