/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges by the names of two kernels whether one can be a later build of the other. */
#ifndef SUTURE_ADVISE_SERIES_H
#define SUTURE_ADVISE_SERIES_H

enum series_match {
	SERIES_SAME,   /* they differ in versions and counters of builds only */
	SERIES_OTHER,  /* they differ in words, such as "cloud", or in what names a processor */
	SERIES_UNSURE, /* they differ in a number that may count builds or name a variant */
};

/*
 * Compares releases: "6.1.0-55-amd64" and "6.12.9+deb13-amd64" are of one series,
 * "6.1.0-55-cloud-amd64" is of another, and of "6.6.8-own-v2" and "6.6.9-own-v3" nobody can tell.
 */
enum series_match series_compare(const char *a, const char *b);

#endif
