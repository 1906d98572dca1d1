/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds offers in the lists of apt or dnf.  The candidate of a package is what the administrator's
 * pins make of its versions, so that a machine that takes security updates alone sees only these.
 */
#include "auto/offers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/kernels.h"
#include "advise/version.h"
#include "base/alloc.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/locale.h"
#include "ship/subject.h"

#define ASK_TIMEOUT_MS 120000

/* What `apt-cache policy` says about one package. */
struct offers_candidate {
	char *version; /* NULL: there is none */
	unsigned phase;
};

/* Reads "     6.1.192-3-1 500 (phased 10%)", a line of the table of versions. */
static void candidate_read_phase(const char *line, struct offers_candidate *candidate)
{
	size_t len = strlen(candidate->version);
	const char *at = line + strspn(line, " *"), *phased;
	unsigned phase;

	if (strncmp(at, candidate->version, len) || at[len] != ' ')
		return;
	phased = strstr(at + len, "phased ");
	if (phased && sscanf(phased, "phased %3u%%", &phase) == 1 && phase <= 100)
		candidate->phase = phase;
}

static struct offers_candidate candidate_read(const char *text, const char *package)
{
	struct offers_candidate candidate = {NULL, 100};
	scope_free char *head = xasprintf("%s:", package), *copy = xstrdup(text);
	bool inside = false;
	char *save = NULL;

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *value = strstr(line, "Candidate: ");

		if (*line != ' ')
			inside = !strcmp(line, head);
		else if (inside && value && !candidate.version)
			candidate.version = xstrdup(str_trim(value + strlen("Candidate: ")));
		else if (inside && candidate.version)
			candidate_read_phase(line, &candidate);
	}
	if (candidate.version && (!*candidate.version || !strcmp(candidate.version, "(none)"))) {
		free(candidate.version);
		candidate.version = NULL;
	}
	return candidate;
}

/* Returns "linux-source-6.1" for 6.1.0-56-amd64, or NULL; free(). */
static char *offers_source(const char *release)
{
	unsigned major, minor;

	return sscanf(release, "%3u.%3u", &major, &minor) == 2
		       ? xasprintf("linux-source-%u.%u", major, minor)
		       : NULL;
}

void auto_offers_parse_apt(const char *text, const char *release, struct auto_level_vec *offers)
{
	scope_free char *package = ship_package_name(release), *source = offers_source(release);
	scope_free char *image = xasprintf("linux-image%s", kernel_flavour(release));
	struct offers_candidate livepatch = {}, newest = {}, kernel;

	if (package)
		livepatch = candidate_read(text, package);
	if (livepatch.version)
		vec_push(offers, auto_level_of_package(livepatch.version, livepatch.phase));
	if (source)
		newest = candidate_read(text, source);
	kernel = candidate_read(text, image);
	/* The kernel's own package may be ahead of its source, which is then said when it is
	 * fetched. */
	if (kernel.version &&
	    (!newest.version || version_compare(kernel.version, newest.version) > 0)) {
		free(newest.version);
		newest.version = xstrdup(kernel.version);
	}
	if (newest.version)
		vec_push(offers, auto_level_of_source(newest.version));
	free(livepatch.version);
	free(newest.version);
	free(kernel.version);
}

static struct err *offers_run(const char *const *argv, struct strbuf *output)
{
	scope_strbuf errors = STRBUF_INIT;

	return proc_check(&(struct proc_spec){.argv = argv,
					      .env = locale_c_env,
					      .timeout_ms = ASK_TIMEOUT_MS,
					      .errors = &errors},
			  output);
}

static struct err *offers_ask_apt(const char *package, const char *release,
				  struct auto_level_vec *offers)
{
	scope_free char *source = offers_source(release);
	scope_free char *image = xasprintf("linux-image%s", kernel_flavour(release));
	const char *const argv[] = {"apt-cache", "policy", "--", package, image, source, NULL};
	scope_strbuf output = STRBUF_INIT;

	err_try(offers_run(argv, &output));
	auto_offers_parse_apt(output.buf, release, offers);
	return NULL;
}

/* Kernels of rpm are not built here, so that only a repository offers something. */
static struct err *offers_ask_dnf(const char *package, struct auto_level_vec *offers)
{
	const char *const argv[] = {"dnf",
				    "-q",
				    "repoquery",
				    "--latest-limit=1",
				    "--queryformat=%{version}-%{release}\n",
				    "--",
				    package,
				    NULL};
	scope_strbuf output = STRBUF_INIT;

	err_try(offers_run(argv, &output));
	output.buf[strcspn(output.buf, "\n")] = '\0';
	if (*str_trim(output.buf))
		vec_push(offers, auto_level_of_package(str_trim(output.buf), 100));
	return NULL;
}

struct err *auto_offers_ask(const char *release, struct auto_level_vec *offers)
{
	scope_free char *apt = proc_find("apt-cache"), *dnf = proc_find("dnf");
	scope_free char *package = ship_package_name(release);

	if (!package)
		return err_new("no package can be named after kernel %s", release);
	if (apt)
		return offers_ask_apt(package, release, offers);
	if (dnf)
		return offers_ask_dnf(package, offers);
	return err_new("updates are unknown, since neither apt nor dnf is installed");
}
