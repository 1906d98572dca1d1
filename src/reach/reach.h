/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a change reaches: files that include it, code that names what it changes. */
#ifndef SUTURE_REACH_REACH_H
#define SUTURE_REACH_REACH_H

#include "reach/include_graph.h"
#include "reach/include_scan.h"
#include "reach/only_inlined.h"
#include "reach/spread.h"

#endif
