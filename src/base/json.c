/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes JSON, which must be UTF-8, from bytes in any encoding. */
#include "base/json.h"

#include "base/printable.h"

void json_dropp(json_t **json)
{
	json_decref(*json);
}

json_t *printable_json(const char *foreign)
{
	scope_free char *safe = foreign ? text_printable(foreign) : NULL;

	return safe ? json_string(safe) : json_null();
}

json_t *text_json(const char *foreign)
{
	scope_free char *valid = foreign ? text_printable_json(foreign) : NULL;

	return valid ? json_string(valid) : json_null();
}

json_t *printables_json(const struct str_vec *list)
{
	json_t *array = json_array();

	vec_foreach(list, it)
		json_array_append_new(array, printable_json(*it));
	return array;
}
