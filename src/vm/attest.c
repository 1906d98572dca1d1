/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes and reads attestations: what was tried with which module, and how it ended. */
#include "vm/attest.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/libcrypto.h"
#include "base/printable.h"
#include "base/text.h"
#include "base/version.h"
#include "vm/module_file.h"

#define SCHEMA "suture.attest/1"
/* Attestations that Suture writes are smaller than this many bytes. */
#define SIZE_MAX_READ (4 << 20)

char *vm_attest_path(const char *module_path)
{
	return xasprintf("%.*s.attest.json", (int)module_name_length(module_path), module_path);
}

struct err *vm_sha256(struct bytes bytes, char **hex)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size;

	err_try(libcrypto_load());
	if (!libcrypto.EVP_Digest(bytes.data, bytes.size, digest, &size, libcrypto.EVP_sha256(),
				  NULL))
		return err_new("SHA-256 cannot be computed by libcrypto");
	*hex = str_hex(digest, size);
	return NULL;
}

static json_t *attest_trials_json(const struct vm_module_result *module)
{
	json_t *trials = json_array();

	vec_foreach(&module->trials, it)
		json_array_append_new(trials, json_pack("{s:s, s:s, s:s*, s:i}", "name",
							vm_trial_name(it->trial), "result",
							vm_outcome_name(it->outcome), "why",
							it->why, "ms", (int)it->ms));
	return trials;
}

/* Lists the checks; their names are made printable, as names of files may hold any bytes. */
static json_t *attest_checks_json(const struct vm_module_result *module)
{
	json_t *checks = json_array();

	vec_foreach(&module->checks, it) {
		scope_free char *name = text_printable(it->name);

		json_array_append_new(checks, json_pack("{s:s, s:s, s:b, s:i}", "name", name,
							"phase", vm_phase_name(it->phase), "ok",
							it->ok, "status", it->status));
	}
	return checks;
}

static json_t *attest_functions_json(const struct vm_module_result *module, bool reached)
{
	json_t *names = json_array();

	vec_foreach(&module->functions, it) {
		scope_free char *name = xasprintf("%s:%s", it->object, it->name);

		if ((it->hits > 0) == reached)
			json_array_append_new(names, json_string(name));
	}
	return names;
}

struct err *vm_attest_write(const struct vm_result *result, const struct vm_module_result *module)
{
	scope_free char *path = vm_attest_path(module->path);
	scope_free char *now = clock_utc();

	if (!module->sha256)
		return err_new("%s: the module was not read, so there is nothing to attest",
			       module->path);

	scope_json root = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s*, s:b, s:o, s:o, s:o, s:o}", "schema",
		SCHEMA, "module", module->name, "sha256", module->sha256, "kernel",
		result->release ? result->release : "", "build_id",
		result->build_id ? result->build_id : "", "suture", SUTURE_VERSION, "time", now,
		"result", module->pass ? "pass" : "fail", "why", module->why, "exercised",
		vm_was_exercised(module), "trials", attest_trials_json(module), "checks",
		attest_checks_json(module), "covered", attest_functions_json(module, true),
		"uncovered", attest_functions_json(module, false));
	scope_free char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;

	if (!text)
		return err_new("%s: the result cannot be written as JSON", path);

	scope_free char *line = xasprintf("%s\n", text);

	return file_write(path, line, strlen(line));
}

/*
 * Leaves out a signature, which may have been added at the end of the file after the trial
 * (kernel/module_signature.c): a record whose last field is the signature's size, big-endian, and a
 * line that says what it is.
 */
static struct bytes without_signature(struct bytes file)
{
	static const char magic[] = "~Module signature appended~\n";
	const size_t marks = sizeof(magic) - 1, record = 12;

	if (file.size < marks + record || memcmp(file.data + file.size - marks, magic, marks) != 0)
		return file;

	const uint8_t *last = file.data + file.size - marks - sizeof(uint32_t);
	size_t size = (size_t)last[0] << 24 | last[1] << 16 | last[2] << 8 | last[3];

	if (size <= file.size - marks - record)
		file.size -= marks + record + size;
	return file;
}

/* Sets whether the file, which may have been signed since, is the one that was tried. */
static struct err *compare_hash(struct vm_attest *attest, struct bytes file)
{
	scope_free char *whole = NULL;
	scope_free char *unsigned_part = NULL;

	err_try(vm_sha256(file, &whole));
	err_try(vm_sha256(without_signature(file), &unsigned_part));
	attest->current = !strcmp(whole, attest->sha256) || !strcmp(unsigned_part, attest->sha256);
	return NULL;
}

static void copy_trials(const json_t *root, struct vm_attest *attest)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(root, "trials"), i, item)
	{
		struct vm_attest_trial trial = {.name = json_copy_member(item, "name"),
						.result = json_copy_member(item, "result"),
						.why = json_copy_member(item, "why")};

		vec_push(&attest->trials, trial);
	}
}

static void copy_checks(const json_t *root, struct vm_attest *attest)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(root, "checks"), i, item)
	{
		struct vm_attest_check check = {
			.name = json_copy_member(item, "name"),
			.phase = json_copy_member(item, "phase"),
			.ok = json_is_true(json_object_get(item, "ok")),
			.status = json_integer_value(json_object_get(item, "status"))};

		vec_push(&attest->checks, check);
	}
}

static bool is_whole(const struct vm_attest *attest)
{
	vec_foreach(&attest->trials, it) {
		if (!it->name || !it->result)
			return false;
	}
	vec_foreach(&attest->checks, it) {
		if (!it->name || !it->phase)
			return false;
	}
	return attest->module && attest->sha256 && attest->kernel && attest->build_id &&
	       attest->suture && attest->time;
}

struct err *vm_attest_parse(const char *path, const char *text, size_t size,
			    struct vm_attest **attestp)
{
	scope_vm_attest attest = xcalloc(1, sizeof(*attest));
	json_error_t where;
	scope_json root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);

	if (!size)
		return err_new("%s: the attestation is empty; run suture test again", path);
	if (!root) /* the parser's own message may quote the file */
		return err_new("%s:%d: the attestation is not valid JSON; run suture test again",
			       path, where.line);

	const char *schema = json_string_value(json_object_get(root, "schema"));
	const char *result = json_string_value(json_object_get(root, "result"));
	bool known = schema && !strcmp(schema, SCHEMA) && result &&
		     (!strcmp(result, "pass") || !strcmp(result, "fail"));

	attest->path = xstrdup(path);
	attest->module = json_copy_member(root, "module");
	attest->sha256 = json_copy_member(root, "sha256");
	attest->kernel = json_copy_member(root, "kernel");
	attest->build_id = json_copy_member(root, "build_id");
	attest->suture = json_copy_member(root, "suture");
	attest->time = json_copy_member(root, "time");
	attest->pass = known && !strcmp(result, "pass");
	attest->exercised = !json_is_false(json_object_get(root, "exercised"));
	copy_trials(root, attest);
	copy_checks(root, attest);
	json_add_strings(json_object_get(root, "covered"), &attest->covered);
	json_add_strings(json_object_get(root, "uncovered"), &attest->uncovered);
	if (!known || !is_whole(attest))
		return err_new(
			"%s: the file is not an attestation of schema %s; run suture test again",
			path, SCHEMA);
	*attestp = take_ptr(attest);
	return NULL;
}

struct err *vm_attest_read(const char *module_path, struct vm_attest **attestp)
{
	scope_free char *path = vm_attest_path(module_path);
	scope_vm_attest attest = NULL;
	scope_file_map map = {}, module = {};

	*attestp = NULL;
	if (!file_exists(path))
		return NULL;
	err_try(file_map(path, &map));
	if (map.bytes.size > SIZE_MAX_READ)
		return err_new("%s: the file is too large for an attestation", path);
	err_try(vm_attest_parse(path, (const char *)map.bytes.data, map.bytes.size, &attest));
	err_try(file_map(module_path, &module));
	err_try(compare_hash(attest, module.bytes));
	*attestp = take_ptr(attest);
	return NULL;
}

void vm_attest_free(struct vm_attest *attest)
{
	if (!attest)
		return;
	free(attest->path);
	free(attest->module);
	free(attest->sha256);
	free(attest->kernel);
	free(attest->build_id);
	free(attest->suture);
	free(attest->time);
	vec_foreach(&attest->trials, it) {
		free(it->name);
		free(it->result);
		free(it->why);
	}
	vec_free(&attest->trials);
	vec_foreach(&attest->checks, it) {
		free(it->name);
		free(it->phase);
	}
	vec_free(&attest->checks);
	str_vec_free(&attest->covered);
	str_vec_free(&attest->uncovered);
	free(attest);
}

void vm_attest_freep(struct vm_attest **attestp)
{
	vm_attest_free(*attestp);
}
