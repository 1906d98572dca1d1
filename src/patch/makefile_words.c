/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decides which words of a makefile are plain: they name no command and no file outside the source
 * tree, and contain no character that make or a shell treats specially.
 */
#include "patch/makefile_words.h"

#include <ctype.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGIT "0123456789"
#define NAME_CHARS MAKEFILE_NAME_CHARS

bool makefile_is_made_of(const char *text, size_t len, const char *chars)
{
	return strspn(text, chars) >= len;
}

/* ---- references: $(NAME) ---- */

/* These variables contain only words of the configuration, or kbuild's own flags. */
static const char *const plain_variables[] = {"ARCH",
					      "SRCARCH",
					      "BITS",
					      "UTS_MACHINE",
					      "SUBARCH",
					      "VERSION",
					      "PATCHLEVEL",
					      "SUBLEVEL",
					      "KBUILD_EXTMOD",
					      "CC_FLAGS_FTRACE",
					      "CC_FLAGS_LTO",
					      "CC_FLAGS_CFI",
					      "CC_FLAGS_SCS",
					      "CC_FLAGS_FPU",
					      "CC_FLAGS_NO_FPU",
					      "DISABLE_LATENT_ENTROPY_PLUGIN",
					      "DISABLE_STACKLEAK_PLUGIN",
					      "DISABLE_ARM_SSP_PER_TASK_PLUGIN",
					      "DISABLE_KSTACK_ERASE",
					      "RANDSTRUCT_CFLAGS"};

static bool is_config(const char *name, size_t len)
{
	return len > 7 && !strncmp(name, "CONFIG_", 7) &&
	       makefile_is_made_of(name, len, NAME_CHARS);
}

bool makefile_is_plain_variable(const char *name, size_t len)
{
	for (size_t i = 0; i < array_size(plain_variables); i++)
		if (strlen(plain_variables[i]) == len && !strncmp(plain_variables[i], name, len))
			return true;
	return is_config(name, len);
}

/* Returns the length of "$(NAME)" at text if NAME is one of these, or of its lists; else 0. */
size_t makefile_reference_length(const char *text, bool lists)
{
	static const char subst[] = "$(subst m,y,$(CONFIG_";
	const char *name = text + 2;
	size_t len;

	if (str_starts(text, subst)) {
		len = strspn(text + strlen(subst), NAME_CHARS);
		return len && str_starts(text + strlen(subst) + len, "))") ? strlen(subst) + len + 2
									   : 0;
	}
	if (strncmp(text, "$(", 2))
		return 0;
	len = strspn(name, NAME_CHARS "-");
	if (!len || name[len] != ')')
		return 0;

	scope_free char *copy = xstrndup(name, len);

	if (makefile_is_plain_variable(name, len) ||
	    (lists && (str_ends(copy, "-y") || str_ends(copy, "-m") || str_ends(copy, "-objs"))))
		return len + 3;
	return 0;
}

/* ---- paths ---- */

/*
 * Returns whether a path, from a folder of that depth, stays in the tree and contains nothing
 * special.
 */
static bool stays_inside(const char *path, unsigned depth)
{
	long at = depth;

	if (*path == '/')
		return false;
	while (*path) {
		size_t len = strcspn(path, "/");

		if (len == 2 && !strncmp(path, "..", 2))
			at--;
		else if (len && !(len == 1 && *path == '.'))
			at++;
		if (at < 0)
			return false;
		path += len + (path[len] == '/');
	}
	return true;
}

bool makefile_is_include_path(unsigned depth, const char *path)
{
	static const char *const roots[] = {"$(srctree)/$(src)",
					    "$(objtree)/$(obj)",
					    "$(srctree)",
					    "$(objtree)",
					    "$(src)",
					    "$(obj)"};
	unsigned from = 0;

	for (size_t i = 0; i < array_size(roots); i++) {
		size_t len = strlen(roots[i]);

		if (strncmp(path, roots[i], len))
			continue;
		if (path[len] && path[len] != '/')
			return false;
		if (str_ends(roots[i], "src)") || str_ends(roots[i], "obj)"))
			from = depth;
		path += len + (path[len] == '/');
		break;
	}
	return makefile_is_made_of(path, strlen(path), NAME_CHARS "./+-") && *path != '-' &&
	       stays_inside(path, from);
}

bool makefile_is_object(unsigned depth, const char *word)
{
	while (*word == '$') {
		size_t len = makefile_reference_length(word, true);

		if (!len)
			return false;
		word += len;
		if (!*word)
			return true;
	}
	return makefile_is_made_of(word, strlen(word), NAME_CHARS "./+-") && *word != '-' &&
	       (str_ends(word, ".o") || str_ends(word, "/")) && stays_inside(word, depth);
}

/* ---- flags ---- */

/*
 * Flags, and what may follow each. None of them names a file or makes the compiler run a program.
 */
static const struct {
	const char *start, *chars;
} flag_forms[] = {
	{"-W", LOWER DIGIT "+=-"},   {"-fno-", LOWER DIGIT "-"}, {"-O", "0123sz"},
	{"-std=", LOWER DIGIT},	     {"-m", LOWER DIGIT "=.-"},	 {"-U", NAME_CHARS},
	{"-fcf-protection=", LOWER}, {"-fvisibility=", LOWER},
};

static const char *const plain_flags[] = {
	"-w",
	"-pg",
	"-fomit-frame-pointer",
	"-fwrapv",
	"-fconserve-stack",
	"-ffreestanding",
	"-funroll-loops",
	"-fshort-wchar",
	"-fPIC",
	"-fpic",
	"-fPIE",
	"-fpie",
	"-fsigned-char",
	"-funsigned-char",
	"-fstack-protector",
	"-fstack-protector-strong",
	"-fpcc-struct-return",
	"-fstrict-aliasing",
	"-fstrict-overflow",
	"-ftree-vectorize",
	"-fms-extensions",
	"-fjump-tables",
	"-finline-functions",
};

/* -mllvm can load clang's plug-ins. */
static const char *const bad_flags[] = {"-mllvm", "-mlinker"};

static bool is_definition(const char *flag)
{
	size_t len = strspn(flag, NAME_CHARS);

	if (!len || isdigit((unsigned char)*flag))
		return false;
	flag += len;
	return !*flag ||
	       (*flag == '=' && makefile_is_made_of(flag + 1, strlen(flag + 1), NAME_CHARS ".+-"));
}

static bool is_plain_flag(unsigned depth, const char *flag)
{
	for (size_t i = 0; i < array_size(bad_flags); i++)
		if (str_starts(flag, bad_flags[i]))
			return false;
	if (str_is_among(flag, plain_flags, array_size(plain_flags)))
		return true;
	for (size_t i = 0; i < array_size(flag_forms); i++) {
		size_t len = strlen(flag_forms[i].start);

		if (!strncmp(flag, flag_forms[i].start, len) &&
		    makefile_is_made_of(flag + len, strlen(flag + len), flag_forms[i].chars))
			return true;
	}
	if (str_starts(flag, "-D"))
		return is_definition(flag + 2);
	if (str_starts(flag, "-I"))
		return flag[2] && makefile_is_include_path(depth, flag + 2);
	return *flag == '$' && makefile_reference_length(flag, true) == strlen(flag);
}

/* Accepts the text between the parentheses of $(call cc-option,…): flags, or a warning's name. */
static bool is_flag_call(unsigned depth, const char *word)
{
	static const struct {
		const char *start;
		bool names_warning;
	} calls[] = {{"$(call cc-option,", false},
		     {"$(call cc-option, ", false},
		     {"$(call cc-disable-warning,", true},
		     {"$(call cc-disable-warning, ", true}};

	for (size_t i = array_size(calls); i--;) {
		scope_free char *list = NULL;
		char *save = NULL;

		if (!str_starts(word, calls[i].start) || !str_ends(word, ")"))
			continue;
		list = xstrndup(word + strlen(calls[i].start),
				strlen(word) - strlen(calls[i].start) - 1);
		if (calls[i].names_warning)
			return makefile_is_made_of(list, strlen(list), LOWER DIGIT "=-");
		for (char *flag = strtok_r(list, ", ", &save); flag;
		     flag = strtok_r(NULL, ", ", &save))
			if (*flag == '$' || !is_plain_flag(depth, flag))
				return false;
		return true;
	}
	return false;
}

bool makefile_is_switch(const char *word)
{
	return !strcmp(word, "y") || !strcmp(word, "n") ||
	       (*word == '$' && makefile_reference_length(word, false) == strlen(word));
}

bool makefile_is_flag(unsigned depth, const char *word)
{
	return is_plain_flag(depth, word) || is_flag_call(depth, word);
}

bool makefile_is_folder(unsigned depth, const char *word)
{
	return makefile_is_made_of(word, strlen(word), NAME_CHARS "./+-") && *word != '-' &&
	       stays_inside(word, depth);
}

bool makefile_is_version(const char *word)
{
	return makefile_is_made_of(word, strlen(word), NAME_CHARS ".,'!-");
}
