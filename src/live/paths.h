/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the kernel shows live patches, and where Suture keeps state and settings. */
#ifndef SUTURE_LIVE_PATHS_H
#define SUTURE_LIVE_PATHS_H

#define LIVE_SYSFS "/sys/kernel/livepatch"
#define LIVE_STATE "/var/lib/suture" /* survives reboots */
#define LIVE_RUN "/run/suture"	     /* belongs to the current boot */
#define LIVE_ETC "/etc/suture"	     /* the administrator's settings */

#endif
