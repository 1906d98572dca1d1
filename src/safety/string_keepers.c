/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists functions of the kernel that keep a pointer to a string: it is read later, for example by
 * /proc/interrupts or /proc/iomem. Functions that copy the string are not listed; kstrdup_const()
 * copies what is not in the kernel's image.
 */
#include "safety/string_keepers.h"

#include <fnmatch.h>
#include <stddef.h>

#include "base/alloc.h"

/* Positions of arguments begin with 1. */
static const struct {
	const char *pattern;
	unsigned argument;
} keepers[] = {
	/* kernel/irq/manage.c: action->name; devres.c passes it on. */
	{"request_threaded_irq", 5},
	{"request_any_context_irq", 4},
	{"__request_percpu_irq", 4},
	{"request_nmi", 4},
	{"request_percpu_nmi", 3},
	{"devm_request_threaded_irq", 6},
	{"devm_request_any_context_irq", 5},
	/* kernel/irq/chip.c: desc->name */
	{"__irq_set_handler", 4},
	{"irq_set_chip_and_handler_name", 4},
	/* kernel/irq/generic-chip.c, devres.c: chip.name */
	{"irq_alloc_generic_chip", 1},
	{"devm_irq_alloc_generic_chip", 2},
	{"*irq_alloc_domain_generic_chips", 4},
	/* kernel/resource.c: res->name; drivers/pci/pci.c and lib/devres.c pass it on. */
	{"__request_region", 4},
	{"__devm_request_region", 5},
	{"pci_request_region", 3},
	{"pci_request_regions*", 2},
	{"pci_request_selected_regions*", 3},
	{"pcim_request_region*", 3},
	{"pcim_request_all_regions", 2},
	{"pcim_iomap_regions*", 3},
	{"pcim_iomap_region", 3},
	/* kernel/dma.c: dma_chan_busy[].device_id */
	{"request_dma", 2},
	/* kernel/cpu.c: sp->name */
	{"__cpuhp_setup_state*", 2},
	/* kernel/events/core.c: pmu->name */
	{"perf_pmu_register", 2},
	/* drivers/base/devres.c: node->name; class.c: cls->name */
	{"__devres_alloc_node", 5},
	{"__devm_add_action*", 4},
	{"__class_create", 2},
	{"class_create", 1},
	/* drivers/hwmon/hwmon.c: hwdev->name */
	{"hwmon_device_register_with_groups", 2},
	{"hwmon_device_register_with_info", 2},
	{"devm_hwmon_device_register_with_groups", 2},
	{"devm_hwmon_device_register_with_info", 2},
	/* drivers/leds/led-triggers.c: trig->name */
	{"led_trigger_register_simple", 1},
	/* drivers/pci/pci-driver.c, drivers/usb/core/driver.c: driver.mod_name */
	{"__pci_register_driver", 3},
	{"usb_register_driver", 3},
	/* lib/lru_cache.c: lc->name */
	{"lc_create", 1},
};

bool string_keeper(const char *function, unsigned arguments)
{
	for (size_t i = 0; i < array_size(keepers); i++)
		if (arguments >> (keepers[i].argument - 1) & 1 &&
		    !fnmatch(keepers[i].pattern, function, 0))
			return true;
	return false;
}
