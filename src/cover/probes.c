/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judges each type that a header changes once, since otherwise every file that includes the header
 * would be compiled and refused for it. A probe is a source of the kernel reduced to its
 * preprocessor directives, so that it includes the same headers, with a pointer to each type, which
 * makes the compiler describe the type.
 */
#include "cover/probes.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "cover/blame.h"
#include "cover/give.h"
#include "cover/refit.h"
#include "safety/safety.h"

/* Headers that do not compile after this many rounds are left to the builds of cover.c. */
#define PROBE_ROUNDS 4

/* A header whose types are judged, and the changed sources that may include it. */
struct probed_header {
	size_t file;
	struct VEC(uint32_t) units;
	bool covered; /* one of these sources is a probe */
};

struct type_probe {
	uint32_t unit;
	char *text;    /* path of the probe's text */
	bool compiled; /* with some choice of changes; fewer changes are not tried again */
};

struct probing {
	struct covering *covering;
	const struct survey *survey;
	struct VEC(struct probed_header) headers;
	struct str_vec sources; /* paths; their indexes are the numbers of units */
	struct strmap numbers;
	struct VEC(struct type_probe) probes;
};

/* Returns whether the atom is carried and defines a type that has a name. */
static bool atom_is_judged(const struct covering *covering, size_t number)
{
	const struct source_atom *atom = &covering->atoms.atoms.data[number];

	return covering->carried[number] && atom->is_type && atom->declares.len;
}

static uint32_t probing_number(struct probing *probing, const char *source)
{
	uint32_t number = strmap_get(&probing->numbers, source);

	if (number != STRMAP_NONE)
		return number;
	vec_push(&probing->sources, xstrdup(source));
	number = probing->sources.len - 1;
	/* The map keeps no copy of the path, and the caller frees its own. */
	strmap_set(&probing->numbers, probing->sources.data[number], number);
	return number;
}

static void probing_add_header(struct probing *probing, size_t file)
{
	const struct covering *covering = probing->covering;
	const char *path = covering->atoms.files.data[file].change->path;
	struct probed_header header = {.file = file};
	scope_str_vec users = {};

	include_graph_users(probing->survey->graph, path, &users);
	vec_foreach(&users, it)
		if (str_ends(*it, ".c") && atoms_find_file(&covering->atoms, *it) &&
		    survey_is_unit(probing->survey, *it))
			vec_push(&header.units, probing_number(probing, *it));
	vec_push(&probing->headers, header);
}

static void probing_find_headers(struct probing *probing)
{
	const struct covering *covering = probing->covering;

	for (size_t i = 0; i < covering->atoms.files.len; i++) {
		const struct atom_file *file = &covering->atoms.files.data[i];
		bool any = false;

		for (size_t k = file->first; k < file->end; k++)
			any |= atom_is_judged(covering, k);
		if (any && file->is_cut && str_ends(file->change->path, ".h"))
			probing_add_header(probing, i);
	}
}

/* Chooses the unit that may include the most headers that no probe includes yet. */
static bool probing_choose(struct probing *probing, uint32_t *chosen)
{
	scope_free unsigned *counts = xcalloc(probing->sources.len + 1, sizeof(*counts));
	unsigned best = 0;

	vec_foreach(&probing->headers, it)
		for (size_t i = 0; !it->covered && i < it->units.len; i++)
			counts[it->units.data[i]]++;
	for (uint32_t i = 0; i < probing->sources.len; i++) {
		if (counts[i] <= best)
			continue;
		best = counts[i];
		*chosen = i;
	}
	return best;
}

static void probing_cover(struct probing *probing, uint32_t unit)
{
	vec_foreach(&probing->headers, it)
		for (size_t i = 0; i < it->units.len; i++)
			it->covered |= it->units.data[i] == unit;
}

static bool header_has_unit(const struct probed_header *header, uint32_t unit)
{
	vec_foreach(&header->units, it)
		if (*it == unit)
			return true;
	return false;
}

/* Declares a pointer to each type; it is valid even if the unit does not define the type. */
static void probe_add_types(const struct probing *probing, const struct probed_header *header,
			    struct strbuf *text)
{
	const struct covering *covering = probing->covering;
	const struct atom_file *file = &covering->atoms.files.data[header->file];

	for (size_t i = file->first; i < file->end; i++) {
		const struct source_atom *atom = &covering->atoms.atoms.data[i];

		if (atom_is_judged(covering, i) && atom->tag)
			strbuf_addf(text, "%s *suture_probe_%zu;\n", atom->tag, i);
	}
}

static void probe_add_directives(const struct cfile *cut, struct strbuf *text)
{
	vec_foreach(&cut->chunks, it) {
		const struct ctoken *first = &cut->tokens.data[it->start];
		const struct ctoken *last = &cut->tokens.data[it->end - 1];

		if (first->kind != CTOKEN_DIRECTIVE)
			continue;
		strbuf_add(text, first->text, last->text + last->len - first->text);
		strbuf_addch(text, '\n');
	}
}

static struct err *probe_write(struct probing *probing, uint32_t unit)
{
	const struct covering *covering = probing->covering;
	scope_free char *source =
		xasprintf("%s/%s", covering->spec->target->source, probing->sources.data[unit]);
	struct type_probe probe = {.unit = unit};
	scope_strbuf text = STRBUF_INIT;
	scope_cfile cut = {};

	err_try(cfile_read(source, &cut));
	probe_add_directives(&cut, &text);
	vec_foreach(&probing->headers, it)
		if (header_has_unit(it, unit))
			probe_add_types(probing, it, &text);
	probe.text = xasprintf("%s/probe-%zu.c", covering->work, probing->probes.len);
	vec_push(&probing->probes, probe);
	return file_write_scratch(probe.text, text.buf, text.len);
}

static struct err *probing_write(struct probing *probing)
{
	uint32_t unit = 0;

	while (probing_choose(probing, &unit)) {
		probing_cover(probing, unit);
		err_try(probe_write(probing, unit));
	}
	return NULL;
}

/* Compiles the probes with the carried changes of the headers, or with the old headers. */
static struct err *probing_compile(struct probing *probing, bool after, struct pair_result **result)
{
	struct covering *covering = probing->covering;
	struct given_files files = {};
	struct pair_spec spec = {
		.target = covering->spec->target,
		.keep_going = true,
		.jobs = covering->spec->jobs,
		.sandbox = covering->spec->sandbox,
	};
	struct err *err = NULL;

	for (size_t i = 0; after && !err && i < covering->atoms.files.len; i++)
		if (str_ends(covering->atoms.files.data[i].change->path, ".h") &&
		    give_is_carried(covering, i))
			err = give_file(covering, i, false, &files);
	vec_foreach(&probing->probes, it)
		if (!it->compiled)
			vec_push(&files,
				 (struct pair_file){xstrdup(probing->sources.data[it->unit]),
						    xstrdup(it->text), NULL});
	spec.files = files.data;
	spec.nr_files = files.len;
	if (!err)
		err = pair_run(&spec, covering->progress, result);
	given_files_free(&files);
	return err;
}

static const struct pair_unit *result_find(const struct pair_result *result, const char *source)
{
	vec_foreach(&result->units, it)
		if (!strcmp(it->source, source))
			return it;
	return NULL;
}

/* Blames the headers that break a probe; sets *any if an atom was found. */
static struct err *probing_blame_failures(struct probing *probing, const struct pair_result *before,
					  const struct pair_result *after, bool *any)
{
	struct klp_failure_vec failures = {};
	struct finding_vec findings = {};

	/* A file that makes the build read outside the tree stops all compilation. */
	vec_foreach(&after->findings, it)
		if (!strcmp(it->rule, "build-hostile"))
			findings_add_copy(&findings, it);
	vec_foreach(&after->units, it) {
		const struct pair_unit *as_it_is = result_find(before, it->source);

		if (it->state != PAIR_FAILED || !it->output || !as_it_is ||
		    as_it_is->state == PAIR_FAILED)
			continue;
		vec_push(&failures, (struct klp_failure){it->source, it->output});
		progress_detail(probing->covering->progress, "%s", err_message(it->failure));
		finding_add(&findings, "not-compiled", it->source, NULL,
			    "read what the compiler says about this file", "%s",
			    err_message(it->failure));
	}

	struct err *err = blame_headers_alone(probing->covering, &findings, &failures, any);

	vec_free(&failures);
	findings_free(&findings);
	return err;
}

/* Marks all structures and unions that compiled headers change; probing_note_seen() unmarks some.
 */
static void probing_note_unseen(struct covering *covering, const struct survey *survey)
{
	for (size_t i = 0; i < covering->atoms.atoms.len; i++) {
		const struct source_atom *atom = &covering->atoms.atoms.data[i];
		const char *path = covering->atoms.files.data[atom->file].change->path;
		scope_str_vec users = {};

		if (!str_ends(path, ".h") || !atom->is_type || atom->is_enum || atom->is_new)
			continue;
		include_graph_users(survey->graph, path, &users);
		vec_foreach(&users, it)
			covering->unseen[i] |= survey_is_unit(survey, *it);
	}
}

/* Any finding about a type, even a harmless one, shows that the debug data describe it. */
static void probing_note_seen(struct covering *covering, const struct finding *finding)
{
	const struct atom_file *file =
		finding->file ? atoms_find_file(&covering->atoms, finding->file) : NULL;

	for (size_t i = file ? file->first : 0; file && i < file->end; i++) {
		const char *tag = covering->atoms.atoms.data[i].tag;

		if (tag && finding->symbol && !strcmp(tag, finding->symbol))
			covering->unseen[i] = false;
	}
}

/* Makes the next round compile all probes again that include a header. */
static void probing_forget(struct probing *probing, const char *path)
{
	const struct atom_file_vec *files = &probing->covering->atoms.files;

	vec_foreach(&probing->headers, header) {
		if (strcmp(files->data[header->file].change->path, path) != 0)
			continue;
		vec_foreach(&probing->probes, it)
			it->compiled &= !header_has_unit(header, it->unit);
	}
}

static bool type_is_blamed(const struct finding *finding)
{
	return !strcmp(finding->rule, "layout-changed") ||
	       (!strcmp(finding->rule, "enum-renumbered") && finding->severity == SEVERITY_REFUSE);
}

/* Sets *any if a type is to be compiled once more, with its new members in other places. */
static struct err *probing_blame_types(struct probing *probing, const struct pair_result *before,
				       const struct pair_result *after, bool *any)
{
	struct finding_vec findings = {}, counted = {};
	scope_safety_types types = safety_types_new();

	vec_foreach(&after->units, it) {
		const struct pair_unit *as_it_is = result_find(before, it->source);

		if (it->post && as_it_is && as_it_is->post)
			err_try(safety_types_compare(types, as_it_is->post, it->post));
	}
	safety_types_check(types, &findings);
	vec_foreach(&findings, it) {
		probing_note_seen(probing->covering, it);
		if (!type_is_blamed(it))
			continue;
		if (refit_type(probing->covering, types, it)) {
			probing_forget(probing, it->file);
			*any = true;
		} else {
			findings_add_copy(&counted, it);
		}
	}
	findings_free(&findings);
	blame_places(probing->covering, &counted);
	findings_free(&counted);
	return NULL;
}

/* Leaves out of the next round those probes that compiled in this one. */
static void probing_note_compiled(struct probing *probing, const struct pair_result *after)
{
	vec_foreach(&probing->probes, it) {
		const struct pair_unit *unit = result_find(after, probing->sources.data[it->unit]);

		it->compiled |= unit && unit->post;
	}
}

static void probing_note(const struct probing *probing, unsigned round)
{
	const struct covering *covering = probing->covering;
	size_t count = 0;

	for (size_t i = 0; i < covering->atoms.atoms.len; i++)
		count += !covering->carried[i];
	progress_detail(covering->progress,
			"headers, round %u: %zu of %zu changes are left out so far", round, count,
			covering->atoms.atoms.len);
}

static struct err *probing_run(struct probing *probing)
{
	scope_pair_result before = NULL;

	err_try(probing_compile(probing, false, &before));
	for (unsigned i = 0; i < PROBE_ROUNDS; i++) {
		scope_pair_result after = NULL;
		bool any, refitted = false;

		err_try(probing_compile(probing, true, &after));
		probing_note_compiled(probing, after);
		err_try(probing_blame_types(probing, before, after, &refitted));
		err_try(probing_blame_failures(probing, before, after, &any));
		any |= refitted;
		probing_note(probing, i + 1);
		if (!any)
			break;
	}
	return NULL;
}

static void probing_free(struct probing *probing)
{
	vec_foreach(&probing->headers, it)
		vec_free(&it->units);
	vec_free(&probing->headers);
	vec_foreach(&probing->probes, it)
		free(it->text);
	vec_free(&probing->probes);
	strmap_free(&probing->numbers);
	str_vec_free(&probing->sources);
}

struct err *probes_judge(struct covering *covering, const struct survey *survey)
{
	struct probing probing = {.covering = covering, .survey = survey};
	struct err *err;

	probing_note_unseen(covering, survey);
	probing_find_headers(&probing);
	err = probing_write(&probing);
	if (!err && probing.probes.len)
		err = probing_run(&probing);
	probing_free(&probing);
	return err;
}
