/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths: where the kernel shows live patches, and where Suture keeps state and settings. */
#ifndef SUTURE_LIVE_PATHS_H
#define SUTURE_LIVE_PATHS_H

#define LIVE_SYSFS "/sys/kernel/livepatch"
#define LIVE_STATE "/var/lib/suture" /* state that survives reboots */
#define LIVE_RUN "/run/suture"	     /* state of the current boot */
#define LIVE_ETC "/etc/suture"	     /* the administrator's settings */

#endif
