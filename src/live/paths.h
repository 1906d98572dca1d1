/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths: where the kernel shows live patches, and where Suture keeps state and settings. */
#ifndef SUTURE_LIVE_PATHS_H
#define SUTURE_LIVE_PATHS_H

#define LIVE_SYSFS "/sys/kernel/livepatch"
#define LIVE_SYS_MODULE "/sys/module/%s" /* of a loaded module */
#define LIVE_STATE "/var/lib/suture"	 /* state that survives reboots */
#define LIVE_RUN "/run/suture"		 /* state of the current boot */
#define LIVE_ETC "/etc/suture"		 /* the administrator's settings */

/* What keeps a boot from loading live patches. */
#define LIVE_OFF_WORD "suture=off"
#define LIVE_OFF_BY_WORD LIVE_OFF_WORD " on the kernel's command line"
#define LIVE_OFF_FILE LIVE_ETC "/disabled"

#endif
