/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_BASE_VERSION_H
#define SUTURE_BASE_VERSION_H

#define SUTURE_VERSION "0.1.0"

#endif
