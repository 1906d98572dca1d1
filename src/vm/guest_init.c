/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Embeds the guest's init in this program, so that `suture` is a single file. */
#include "vm/guest_init.h"

#include "base/embed.h"

EMBED_BYTES(suture_guest_init, GUEST_INIT);

struct bytes guest_init(void)
{
	return (struct bytes){suture_guest_init_start,
			      suture_guest_init_end - suture_guest_init_start};
}
