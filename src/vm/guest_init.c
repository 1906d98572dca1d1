/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Embeds the guest's init in this program, so that `suture` is a single file. */
#include "vm/guest_init.h"

__asm__(".pushsection .rodata\n"
	"suture_guest_init_start:\n"
	".incbin \"" GUEST_INIT "\"\n"
	"suture_guest_init_end:\n"
	".popsection\n");

extern const uint8_t suture_guest_init_start[], suture_guest_init_end[];

struct bytes guest_init(void)
{
	return (struct bytes){suture_guest_init_start,
			      suture_guest_init_end - suture_guest_init_start};
}
