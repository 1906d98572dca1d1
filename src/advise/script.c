/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Skips an interpreter's options, some of which take the next argument, to find its script. */
#include "advise/script.h"

#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strbuf.h"

/* The letters of short options, by what follows them: the rest of the argument, or the next one. */
static const struct {
	const char *program;	 /* the name begins with this */
	const char *value;	 /* a value that says nothing of scripts */
	const char *code;	 /* code to run */
	const char *module;	 /* the name of a module to run */
	const char *file;	 /* the script */
	const char *attached;	 /* only the rest of the argument belongs to it */
	const char *long_values; /* long options that take the next argument */
	const char *long_code;
} languages[] = {
	[SCRIPT_OTHER] = {"", "oO", "c", "", "", "", " --rcfile --init-file ", " --command "},
	[SCRIPT_PYTHON] = {"python", "WXQ", "c", "m", "", "", " --check-hash-based-pycs ", ""},
	[SCRIPT_PERL] = {"perl", "I", "eE", "", "", "0CDFMilmxd", "", ""},
	[SCRIPT_RUBY] = {"ruby", "ICEr", "e", "", "", "0FKTWix", " --encoding --require ", ""},
	[SCRIPT_NODE] = {"node", "rC", "ep", "", "", "",
			 " --require --import --loader --experimental-loader --conditions ",
			 " --eval --print "},
	[SCRIPT_PHP] = {"php", "cdz", "rFRBE", "", "f", "", " --php-ini --define ", " --run "},
	[SCRIPT_JAVA] = {"java", "", "", "", "", "", "", ""},
	[SCRIPT_LUA] = {"lua", "l", "e", "", "", "", "", ""},
	[SCRIPT_SHELL] = {"bash", "oO", "c", "", "", "", " --rcfile --init-file ", " --command "},
};

enum script_language script_language(const char *exe)
{
	const char *name = path_base(exe);

	if (str_starts(name, "platform-python") || str_starts(name, "pypy"))
		return SCRIPT_PYTHON;
	if (!strcmp(name, "dash") || !strcmp(name, "sh") || !strcmp(name, "ksh"))
		return SCRIPT_SHELL;
	for (size_t i = SCRIPT_OTHER + 1; i < array_size(languages); i++)
		if (str_starts(name, languages[i].program))
			return i;
	return SCRIPT_OTHER;
}

/* Returns the argument after `arg`; NULL at the end, or if it has no NUL. */
static const char *next_argument(const char *arg, const char *end)
{
	arg += strlen(arg) + 1;
	return arg < end && memchr(arg, 0, end - arg) ? arg : NULL;
}

static bool in_list(const char *list, const char *option)
{
	scope_free char *word = xasprintf(" %s ", option);

	return strstr(list, word);
}

static bool has_letter(const char *letters, char letter)
{
	return strchr(letters, letter) != NULL;
}

enum option_end { OPTION_ON, OPTION_SKIP_NEXT, OPTION_DONE };

/* Takes an argument with short options, such as "-uW". */
static enum option_end take_short(enum script_language language, const char *arg, const char *next,
				  struct script_call *call)
{
	for (const char *at = arg + 1; *at; at++) {
		const char *value = at[1] ? at + 1 : next;

		if (has_letter(languages[language].attached, *at))
			return OPTION_ON;
		if (has_letter(languages[language].value, *at))
			return at[1] ? OPTION_ON : OPTION_SKIP_NEXT;
		if (has_letter(languages[language].module, *at))
			call->module = value;
		else if (has_letter(languages[language].file, *at))
			call->file = value;
		else if (!has_letter(languages[language].code, *at))
			continue;
		return OPTION_DONE;
	}
	return OPTION_ON;
}

struct script_call script_parse(enum script_language language, const char *args, size_t len)
{
	const char *end = args + len;
	struct script_call call = {};

	if (!memchr(args, 0, len) || language == SCRIPT_JAVA)
		return call;
	for (const char *arg = next_argument(args, end); arg; arg = next_argument(arg, end)) {
		const char *next = next_argument(arg, end);
		enum option_end then = OPTION_ON;

		if (!strcmp(arg, "--")) {
			call.file = next;
			return call;
		}
		if (*arg != '-' && (*arg != '+' || language != SCRIPT_SHELL)) {
			call.file = *arg ? arg : NULL;
			return call;
		}
		if (!arg[1] || in_list(languages[language].long_code, arg))
			return call;
		if (in_list(languages[language].long_values, arg))
			then = OPTION_SKIP_NEXT;
		else if (arg[1] != '-')
			then = take_short(language, arg, next, &call);
		if (then == OPTION_DONE)
			return call;
		if (then == OPTION_SKIP_NEXT && !(arg = next))
			return call;
	}
	return call;
}

/* What tells an interpreter where to search; each list has ':' between its folders. */
static const struct {
	const char *attached;	/* an option whose value may follow at once or as next argument */
	const char *options[5]; /* options whose next argument, or text behind "=", is a list */
	const char *servers[4]; /* options whose value is a folder with applications in webapps */
	const char *variables[2];
} searched[] = {
	[SCRIPT_OTHER] = {},
	[SCRIPT_PYTHON] = {.variables = {"PYTHONPATH="}},
	[SCRIPT_PERL] = {.attached = "-I", .variables = {"PERL5LIB=", "PERLLIB="}},
	[SCRIPT_RUBY] = {.attached = "-I", .variables = {"RUBYLIB="}},
	[SCRIPT_NODE] = {.variables = {"NODE_PATH="}},
	[SCRIPT_PHP] = {},
	[SCRIPT_LUA] = {},
	[SCRIPT_SHELL] = {},
	[SCRIPT_JAVA] = {.options = {"-cp", "-classpath", "--class-path", "--module-path", "-p"},
			 .servers = {"-Dcatalina.base=", "-Dcatalina.home=", "-Djetty.base=",
				     "-Djetty.home="},
			 .variables = {"CLASSPATH="}},
};

static void script_add_list(const char *list, struct str_vec *folders)
{
	while (list && *list) {
		size_t len = strcspn(list, ":");
		scope_free char *folder = xstrndup(list, len);

		if (len)
			str_vec_add(folders, folder);
		list += len + (list[len] == ':');
	}
}

static void take_argument(enum script_language language, const char *arg, const char *next,
			  struct str_vec *folders)
{
	const char *attached = searched[language].attached;

	if (attached && str_starts(arg, attached))
		script_add_list(arg[strlen(attached)] ? arg + strlen(attached) : next, folders);
	for (size_t i = 0; i < array_size(searched[language].options); i++) {
		const char *option = searched[language].options[i];
		size_t len = option ? strlen(option) : 0;

		if (option && !strcmp(arg, option))
			script_add_list(next, folders);
		else if (option && str_starts(option, "--") && !strncmp(arg, option, len) &&
			 arg[len] == '=')
			script_add_list(arg + len + 1, folders);
	}
	for (size_t i = 0; i < array_size(searched[language].servers); i++) {
		const char *server = searched[language].servers[i];

		if (server && str_starts(arg, server))
			vec_push(folders, xasprintf("%s/webapps", arg + strlen(server)));
	}
}

/* Returns the first part of a text that has a NUL after each part, or NULL. */
static const char *first_argument(struct bytes text)
{
	const char *at = (const char *)text.data;

	return text.size && memchr(at, 0, text.size) ? at : NULL;
}

void script_folders(enum script_language language, struct bytes args, struct bytes environment,
		    struct str_vec *folders)
{
	const char *end = (const char *)args.data + args.size;

	for (const char *at = first_argument(args); at; at = next_argument(at, end))
		take_argument(language, at, next_argument(at, end), folders);
	end = (const char *)environment.data + environment.size;
	for (const char *at = first_argument(environment); at; at = next_argument(at, end))
		for (size_t i = 0; i < array_size(searched[language].variables); i++) {
			const char *name = searched[language].variables[i];

			if (name && str_starts(at, name))
				script_add_list(at + strlen(name), folders);
		}
}

void script_names(enum script_language language, struct bytes args, struct str_vec *names)
{
	const char *end = (const char *)args.data + args.size, *at = first_argument(args);

	for (at = at ? next_argument(at, end) : NULL; at && *at == '-' && language == SCRIPT_PERL;
	     at = next_argument(at, end)) {
		const char *module = at + 2;
		scope_strbuf path = STRBUF_INIT;

		if (at[1] != 'M' && at[1] != 'm')
			continue;
		module += *module == '-'; /* "no A::B" loads it as well */
		for (; *module && !strchr("= ", *module); module++)
			if (str_starts(module, "::"))
				module++, strbuf_addch(&path, '/');
			else
				strbuf_addch(&path, *module);
		if (path.len)
			vec_push(names, xstrdup(path.buf));
	}
}
