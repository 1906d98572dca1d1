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

void json_add_strings(const json_t *array, struct str_vec *list)
{
	size_t index;
	json_t *it;

	json_array_foreach(array, index, it)
	{
		if (json_is_string(it))
			vec_push(list, xstrdup(json_string_value(it)));
	}
}

char *json_copy_member(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value ? xstrdup(value) : NULL;
}
