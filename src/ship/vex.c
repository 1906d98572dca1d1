/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes documents for scanners: OpenVEX 0.2.0 and CSAF 2.0. */
#include "ship/vex.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "base/version.h"

#define OPENVEX_CONTEXT "https://openvex.dev/ns/v0.2.0"

static const struct {
	const char *openvex, *csaf;
} statuses[] = {
	[VEX_FIXED] = {"fixed", "fixed"},
	[VEX_AFFECTED] = {"affected", "known_affected"},
	[VEX_UNDER_INVESTIGATION] = {"under_investigation", "under_investigation"},
};

/* Package URLs: each byte that is not unreserved is percent-encoded. */
static void purl_add(struct strbuf *out, const char *text)
{
	for (; *text; text++) {
		if (isalnum((unsigned char)*text) || strchr(".-_~", *text))
			strbuf_addch(out, *text);
		else
			strbuf_addf(out, "%%%02X", (unsigned char)*text);
	}
}

static char *vex_purl(const char *package, const char *version)
{
	scope_strbuf out = STRBUF_INIT;

	strbuf_addstr(&out, "pkg:deb/debian/");
	purl_add(&out, package);
	strbuf_addstr(&out, "@");
	purl_add(&out, version);
	strbuf_addstr(&out, "?arch=amd64");
	return strbuf_detach(&out);
}

static json_t *openvex_products(const struct vex_document *document)
{
	scope_free char *kernel = vex_purl(document->kernel_package, document->kernel_version);
	scope_free char *patch =
		document->package ? vex_purl(document->package, document->version) : NULL;

	if (!patch)
		return json_pack("[{s:s, s:{s:s}}]", "@id", kernel, "identifiers", "purl", kernel);
	return json_pack("[{s:s, s:{s:s}, s:[{s:s, s:{s:s}}]}]", "@id", patch, "identifiers",
			 "purl", patch, "subcomponents", "@id", kernel, "identifiers", "purl",
			 kernel);
}

json_t *vex_openvex(const struct vex_document *document)
{
	scope_free char *id = xasprintf("urn:suture:vex:%s", document->id);
	scope_json statements = json_array();

	vec_foreach(&document->statements, it) {
		json_t *statement =
			json_pack("{s:{s:s}, s:o, s:s, s:s}", "vulnerability", "name", it->cve,
				  "products", openvex_products(document), "status",
				  statuses[it->status].openvex, "status_notes", it->note);

		if (it->action)
			json_object_set_new(statement, "action_statement",
					    printable_json(it->action));
		json_array_append_new(statements, statement);
	}
	return json_pack("{s:s, s:s, s:o, s:s, s:i, s:s, s:o}", "@context", OPENVEX_CONTEXT, "@id",
			 id, "author", printable_json(document->author), "timestamp",
			 document->time, "version", 1, "tooling", "suture " SUTURE_VERSION,
			 "statements", take_ptr(statements));
}

/* The products that CSAF names: the kernel, the live patch, and the live patch on the kernel. */
#define CSAF_KERNEL "kernel"
#define CSAF_PATCH "livepatch"
#define CSAF_BOTH "livepatch-on-kernel"

static json_t *csaf_product(const char *id, const char *package, const char *version)
{
	scope_free char *purl = vex_purl(package, version);
	scope_free char *name = xasprintf("%s %s", package, version);

	return json_pack("{s:s, s:s, s:{s:s}}", "product_id", id, "name", name,
			 "product_identification_helper", "purl", purl);
}

static json_t *csaf_tree(const struct vex_document *document)
{
	scope_json products = json_array();

	json_array_append_new(products, csaf_product(CSAF_KERNEL, document->kernel_package,
						     document->kernel_version));
	if (!document->package)
		return json_pack("{s:O}", "full_product_names", products);

	scope_free char *name = xasprintf("%s %s on %s %s", document->package, document->version,
					  document->kernel_package, document->kernel_version);

	json_array_append_new(products,
			      csaf_product(CSAF_PATCH, document->package, document->version));
	return json_pack("{s:O, s:[{s:s, s:s, s:s, s:{s:s, s:s}}]}", "full_product_names", products,
			 "relationships", "category", "installed_on", "product_reference",
			 CSAF_PATCH, "relates_to_product_reference", CSAF_KERNEL,
			 "full_product_name", "product_id", CSAF_BOTH, "name", name);
}

static json_t *csaf_vulnerabilities(const struct vex_document *document)
{
	const char *product = document->package ? CSAF_BOTH : CSAF_KERNEL;
	json_t *array = json_array();

	vec_foreach(&document->statements, it) {
		json_t *one = json_pack("{s:s, s:[{s:s, s:o}], s:{s:[s]}}", "cve", it->cve, "notes",
					"category", "details", "text", printable_json(it->note),
					"product_status", statuses[it->status].csaf, product);

		if (it->action)
			json_object_set_new(one, "remediations",
					    json_pack("[{s:s, s:o, s:[s]}]", "category",
						      "vendor_fix", "details",
						      printable_json(it->action), "product_ids",
						      product));
		json_array_append_new(array, one);
	}
	return array;
}

json_t *vex_csaf(const struct vex_document *document)
{
	json_t *tracking = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:[{s:s, s:s, s:s}], s:{s:{s:s, s:s}}}", "id",
		document->id, "status", "final", "version", "1", "initial_release_date",
		document->time, "current_release_date", document->time, "revision_history",
		"number", "1", "date", document->time, "summary", "The live patch was packaged.",
		"generator", "engine", "name", "suture", "version", SUTURE_VERSION);

	if (!document->package)
		json_object_set_new(
			json_array_get(json_object_get(tracking, "revision_history"), 0), "summary",
			json_string("The machine was examined."));
	return json_pack("{s:{s:s, s:s, s:s, s:o, s:{s:s, s:o, s:s}, s:o}, s:o, s:o}", "document",
			 "category", "csaf_vex", "csaf_version", "2.0", "lang", "en", "title",
			 printable_json(document->title), "publisher", "category", "other", "name",
			 printable_json(document->author), "namespace", "urn:suture:administrator",
			 "tracking", tracking, "product_tree", csaf_tree(document),
			 "vulnerabilities", csaf_vulnerabilities(document));
}

char *vex_csaf_file(const struct vex_document *document)
{
	scope_strbuf name = STRBUF_INIT;

	for (const char *c = document->id; *c; c++) {
		char low = tolower((unsigned char)*c);
		bool kept = isalnum((unsigned char)low) || low == '+' || low == '-';

		if (kept || !name.len || name.buf[name.len - 1] != '_')
			strbuf_addch(&name, kept ? low : '_');
	}
	strbuf_addstr(&name, ".json");
	return strbuf_detach(&name);
}

void vex_document_free(struct vex_document *document)
{
	vec_free(&document->statements);
}
