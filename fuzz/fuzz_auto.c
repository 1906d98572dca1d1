/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What src/auto reads of other people's: the policy, what systemd-analyze and apt-cache print. */
#include <stdint.h>
#include <stdlib.h>

#include "auto/auto.h"
#include "auto/offers.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scope_free char *text = xstrndup((const char *)data, size);
	scope_auto_policy policy = {};
	scope_cleanup(auto_levels_free) struct auto_level_vec levels = {};
	scope_json object = json_loadb((const char *)data, size, 0, NULL);
	struct auto_level level = {};
	int64_t when;

	err_free(auto_calendar_parse(text, &when));
	auto_offers_parse_apt(text, "6.1.0-56-amd64", &levels);
	if (object && auto_level_parse(object, &level))
		auto_level_clear(&level);
	auto_policy_default(&policy);
	err_free(auto_policy_parse("policy", text, &policy));
	return 0;
}
