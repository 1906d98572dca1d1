/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handles the live patches of the running kernel: lists them, loads another one and follows its
 * transition until every task runs the new code, and unloads patches.
 *
 * Everything is read through a `struct root`, so that tests can use an artificial tree, and
 * `install` the folder of another system; patches are loaded only into the machine itself.  Patches
 * of other makers (kpatch, vendors) are read, loaded and unloaded like Suture's own.
 *
 * Other folders include this header, which declares all that they may use.
 */
#ifndef SUTURE_LIVE_LIVE_H
#define SUTURE_LIVE_LIVE_H

#include "live/attached.h"
#include "live/unlock.h"
#include "live/boot.h"
#include "live/conf.h"
#include "live/cover_claim.h"
#include "live/fixes.h"
#include "live/guard.h"
#include "live/load.h"
#include "live/lock.h"
#include "live/lost.h"
#include "live/machine.h"
#include "live/name.h"
#include "live/packaged.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/sign.h"
#include "live/store.h"
#include "live/unload.h"

#endif
