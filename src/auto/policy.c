/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of the policy, as one table: name, kind of value, default.  Defaults are texts, which
 * the parser reads like those of a file, so that none can be a value that a file could not have.
 */
#include "auto/policy.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "auto/values.h"
#include "base/alloc.h"
#include "base/nearest.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/trust.h"

static const char *const mode_words[] = {
	[AUTO_OBSERVE] = "observe", [AUTO_PREPARE] = "prepare", [AUTO_APPLY] = "apply", NULL};
static const char *const source_words[] = {
	[AUTO_REPOSITORY] = "repository", [AUTO_BUILD] = "build", NULL};
static const char *const accept_words[] = {
	[AUTO_EQUIVALENT] = "equivalent", [AUTO_PARTIAL] = "partial", NULL};
static const char *const reboot_words[] = {[AUTO_REBOOT_NEVER] = "never",
					   [AUTO_REBOOT_FLAG] = "flag",
					   [AUTO_REBOOT_WHEN_DUE] = "when-due",
					   NULL};
static const char *const no_yes_words[] = {"no", "yes", NULL};

enum policy_kind {
	POLICY_WORD,	/* one of `words` */
	POLICY_SOURCES, /* some of `words`, in order */
	POLICY_TESTED,	/* yes, and nothing else */
	POLICY_PERCENT, /* up to `most` */
	POLICY_CPU,	/* a percentage, or "unlimited" */
	POLICY_RING,	/* up to 100, or "machine" */
	POLICY_COUNT,	/* a number from 1 to `most` */
	POLICY_DURATION,
	POLICY_SIZE,
	POLICY_WINDOW,
	POLICY_PROGRAMS, /* absolute paths */
};

#define AT(member) offsetof(struct auto_policy, member)

static const struct policy_key {
	const char *name;
	enum policy_kind kind;
	size_t at;	   /* the offset of its member */
	const char *value; /* the default */
	const char *const *words;
	unsigned most;
} keys[] = {
	{"mode", POLICY_WORD, AT(mode), "observe", mode_words},
	{"source", POLICY_SOURCES, AT(sources), "repository, build", source_words},
	{"accept", POLICY_WORD, AT(accept), "equivalent", accept_words},
	{"min-coverage", POLICY_PERCENT, AT(min_coverage), "50%", NULL, 100},
	{"require-tested", POLICY_TESTED, AT(require_tested), "yes"},
	{"window", POLICY_WINDOW, AT(window), "always"},
	{"delay", POLICY_DURATION, AT(delay), "0"},
	{"spread", POLICY_DURATION, AT(spread), "0"},
	{"ring", POLICY_RING, AT(ring), "machine"},
	{"watch", POLICY_DURATION, AT(watch), "1h"},
	{"probe", POLICY_PROGRAMS, AT(probes), ""},
	{"max-cpu", POLICY_CPU, AT(max_cpu), "50%", NULL, 100000},
	{"max-memory", POLICY_SIZE, AT(max_memory), "4G"},
	{"max-disk", POLICY_SIZE, AT(max_disk), "12G"},
	{"keep-sources", POLICY_WORD, AT(keep_sources), "yes", no_yes_words},
	{"reboot", POLICY_WORD, AT(reboot), "flag", reboot_words},
	{"reboot-window", POLICY_WINDOW, AT(reboot_window), "always"},
	{"reboot-open", POLICY_COUNT, AT(reboot_open), "1", NULL, 100000},
	{"notify", POLICY_PROGRAMS, AT(notify), ""},
};

const char *auto_mode_name(enum auto_mode mode)
{
	return mode_words[mode];
}

const char *auto_source_name(enum auto_source source)
{
	return source_words[source];
}

const char *auto_policy_key(unsigned index, const char **value)
{
	if (index >= array_size(keys))
		return NULL;
	*value = keys[index].value;
	return keys[index].name;
}

static struct err *policy_word(const char *const *words, const char *value, unsigned *number)
{
	scope_free char *why = nearest_choose(value, words, number);

	return why ? err_new("%s", why) : NULL;
}

static struct err *policy_sources(const struct policy_key *key, char *value,
				  struct auto_policy *policy)
{
	char *save = NULL;

	policy->nr_sources = 0;
	for (char *word = strtok_r(value, ", \t", &save); word;
	     word = strtok_r(NULL, ", \t", &save)) {
		unsigned source;

		err_try(policy_word(key->words, word, &source));
		for (unsigned i = 0; i < policy->nr_sources; i++)
			if (policy->sources[i] == source)
				return err_new("'%s' is there twice", word);
		policy->sources[policy->nr_sources++] = source;
	}
	return policy->nr_sources ? NULL : err_new("no source is named");
}

static struct err *policy_programs(char *value, struct str_vec *programs)
{
	char *save = NULL;

	str_vec_free(programs);
	*programs = (struct str_vec){};
	for (char *word = strtok_r(value, ", \t", &save); word;
	     word = strtok_r(NULL, ", \t", &save)) {
		if (*word != '/')
			return err_new("'%s' is not the absolute path of a program", word);
		str_vec_add(programs, word);
	}
	return NULL;
}

static struct err *policy_count(const char *value, unsigned most, unsigned *number)
{
	char *end;
	unsigned long read = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || !read || read > most)
		return err_new("'%s' is not a number from 1 to %u", value, most);
	*number = read;
	return NULL;
}

static struct err *policy_set(const struct policy_key *key, const struct setting *given,
			      struct auto_policy *policy)
{
	void *member = (char *)policy + key->at;
	scope_free char *value = xstrdup(given->value);
	unsigned tested, percent;

	switch (key->kind) {
	case POLICY_WORD:
		return policy_word(key->words, value, member);
	case POLICY_SOURCES:
		return policy_sources(key, value, policy);
	case POLICY_TESTED:
		err_try(policy_word(no_yes_words, value, &tested));
		*(unsigned *)member = 1;
		return tested ? NULL
			      : err_new("must be yes: patches that are not tested are never loaded");
	case POLICY_CPU:
		if (!strcmp(value, "unlimited")) {
			*(unsigned *)member = 0;
			return NULL;
		}
		err_try(value_percent(value, key->most, &percent));
		if (!percent)
			return err_new("'%s' leaves no time for a build", value);
		*(unsigned *)member = percent;
		return NULL;
	case POLICY_RING:
		if (strcmp(value, "machine"))
			return value_percent(value, 100, member);
		*(unsigned *)member = AUTO_RING_OF_MACHINE;
		return NULL;
	case POLICY_PERCENT:
		return value_percent(value, key->most, member);
	case POLICY_COUNT:
		return policy_count(value, key->most, member);
	case POLICY_DURATION:
		return value_duration(value, member);
	case POLICY_SIZE:
		return value_size(value, member);
	case POLICY_WINDOW:
		return auto_window_parse(value, given->where, member);
	case POLICY_PROGRAMS:
		return policy_programs(value, member);
	}
	return NULL;
}

static struct err *policy_take(void *data, const struct setting *given)
{
	struct nearest nearest = NEAREST_INIT(given->name);

	for (size_t i = 0; i < array_size(keys); i++) {
		if (!strcmp(keys[i].name, given->name))
			return err_wrap(policy_set(&keys[i], given, data), "%s", given->name);
		nearest_offer(&nearest, keys[i].name);
	}

	scope_free char *hint = nearest_hint(&nearest, "see suture-auto.conf(5)");

	return err_new("'%s' is not a key of the policy; %s", given->name, hint);
}

void auto_policy_default(struct auto_policy *policy)
{
	*policy = (struct auto_policy){};
	for (size_t i = 0; i < array_size(keys); i++)
		err_free(policy_set(&keys[i], &(struct setting){keys[i].name, keys[i].value, NULL},
				    policy));
}

void auto_policy_free(struct auto_policy *policy)
{
	auto_window_free(&policy->window);
	auto_window_free(&policy->reboot_window);
	str_vec_free(&policy->probes);
	str_vec_free(&policy->notify);
	*policy = (struct auto_policy){};
}

struct err *auto_policy_parse(const char *file, char *text, struct auto_policy *policy)
{
	return settings_parse(file, text, &(struct settings_reader){policy_take, policy});
}

/* Programs run as root, so that only root may be able to change them. */
static struct err *policy_check_programs(const struct root *root, const char *key,
					 const struct str_vec *programs)
{
	vec_foreach(programs, it) {
		scope_free char *problem = trust_problem(root, *it, TRUST_STRICT);
		struct stat st;

		if (problem)
			return err_new("%s: %s is not run: %s", key, *it, problem);
		if (root_stat(root, *it, &st) || !S_ISREG(st.st_mode) || !(st.st_mode & 0100))
			return err_new("%s: %s is not an executable file", key, *it);
	}
	return NULL;
}

struct err *auto_policy_read(const struct root *root, const char *file, struct auto_policy *policy)
{
	struct settings_reader reader = {policy_take, policy};

	auto_policy_default(policy);
	if (file && !root_exists(root, file))
		return err_code_new(ERR_USAGE, "%s: no such file", file);
	err_try(file ? settings_read_file(root, file, &reader)
		     : settings_read(root, AUTO_CONF, AUTO_CONF_DIR, &reader));
	err_try(auto_window_check(&policy->window));
	err_try(auto_window_check(&policy->reboot_window));
	err_try(policy_check_programs(root, "probe", &policy->probes));
	return policy_check_programs(root, "notify", &policy->notify);
}
