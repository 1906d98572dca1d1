/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the compiler flags that protect code. Of several flags that set the same property, the
 * compiler obeys the last one.
 */
#include "pair/protection.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"

/* Properties that -f… flags set; of -m… flags, all matter but a few. */
static const char *const protective[] = {
	"fstack-protector",
	"fcf-protection",
	"fjump-tables",
	"fstrict-aliasing",
	"fstrict-overflow",
	"fdelete-null-pointer-checks",
	"fallow-store-data-races",
	"ftrivial-auto-var-init",
	"fzero-call-used-regs",
	"fstrict-flex-arrays",
	"fpatchable-function-entry",
	"fmin-function-alignment",
	"fshort-wchar",
	"fcommon",
	"fPIE",
};

/* These flags are for tracing and for speed; the kernel's own makefiles leave them out here and
 * there. */
static const char *const harmless[] = {"mfentry", "mrecord-mcount", "mnop-mcount", "mtune",
				       "mskip-rax-setup"};

/* These values switch a protection off, so that nothing is lost with them. */
static const char *const off[] = {"=none", "=keep", "-fno-stack-protector"};

struct flag_set {
	char *property; /* "mindirect-branch" */
	const char *flag;
};

struct flag_set_vec VEC(struct flag_set);

struct flags {
	char *words; /* contains the flags */
	struct flag_set_vec set;
};

static void flags_free(struct flags *flags)
{
	vec_foreach(&flags->set, it)
		free(it->property);
	vec_free(&flags->set);
	free(flags->words);
}

#define scope_flags __attribute__((cleanup(flags_free))) struct flags

/* Returns what a flag sets, "mindirect-branch" or "fstack-protector", if it matters; else NULL. */
static char *flag_property(const char *flag)
{
	bool is_m = flag[0] == '-' && flag[1] == 'm';
	const char *name = flag + 2;

	if (!is_m && !(flag[0] == '-' && flag[1] == 'f'))
		return NULL;
	/* Each kind of check is a property of its own. */
	if (str_starts(flag, "-fsanitize="))
		return xstrdup(flag + 1);
	if (str_starts(name, "no-"))
		name += 3;

	scope_free char *property = xasprintf("%c%.*s", flag[1], (int)strcspn(name, "="), name);

	if (str_starts(property, "fstack-protector"))
		return xstrdup("fstack-protector");
	if (is_m ? str_is_among(property, harmless, array_size(harmless))
		 : !str_is_among(property, protective, array_size(protective)))
		return NULL;
	return take_ptr(property);
}

static void flags_read(const char *command, struct flags *flags)
{
	char *save = NULL;

	flags->words = xstrdup(command);
	for (char *word = strtok_r(flags->words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		char *property = flag_property(word);

		if (property)
			vec_push(&flags->set, (struct flag_set){property, word});
	}
}

/* Returns the flag among the first `end` that sets the property last, or NULL. */
static const char *flags_effective(const struct flags *flags, size_t end, const char *property)
{
	while (end--)
		if (!strcmp(flags->set.data[end].property, property))
			return flags->set.data[end].flag;
	return NULL;
}

static bool flag_is_off(const char *flag)
{
	for (size_t i = 0; i < array_size(off); i++)
		if (str_ends(flag, off[i]))
			return true;
	return false;
}

/* Notes that one flag took the place of another; either may be NULL. */
static void protection_note(struct strbuf *list, const char *before, const char *after)
{
	if ((before && after && !strcmp(before, after)) || (before && flag_is_off(before)))
		return;
	if (!before && after[1] != 'm')
		return;
	strbuf_addf(list, "%s%s", list->len ? ", " : "", before ? before : after);
	if (before && after)
		strbuf_addf(list, " (now %s)", after);
	else if (!before)
		strbuf_addstr(list, " (new)");
}

char *protection_lost(const char *before, const char *after)
{
	scope_flags old = {}, new = {};
	scope_strbuf list = STRBUF_INIT;

	flags_read(before, &old);
	flags_read(after, &new);
	for (size_t i = 0; i < old.set.len; i++) {
		const struct flag_set *it = &old.set.data[i];

		if (flags_effective(&old, old.set.len, it->property) == it->flag)
			protection_note(&list, it->flag,
					flags_effective(&new, new.set.len, it->property));
	}
	for (size_t i = 0; i < new.set.len; i++) {
		const struct flag_set *it = &new.set.data[i];

		if (!flags_effective(&old, old.set.len, it->property))
			protection_note(&list, NULL, it->flag);
	}
	return list.len ? strbuf_detach(&list) : NULL;
}

char *protection_overridden(const char *command)
{
	scope_flags flags = {};
	scope_strbuf list = STRBUF_INIT;

	flags_read(command, &flags);
	for (size_t i = 0; i < flags.set.len; i++) {
		const struct flag_set *it = &flags.set.data[i];
		const char *before = flags_effective(&flags, i, it->property);

		if (before)
			protection_note(&list, before, it->flag);
	}
	return list.len ? strbuf_detach(&list) : NULL;
}
