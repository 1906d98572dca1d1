/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the text of a systemd unit file: sections, keys and lines that go on. */
#ifndef SUTURE_ADVISE_UNIT_TEXT_H
#define SUTURE_ADVISE_UNIT_TEXT_H

/*
 * The first folder that has a file wins: systemd.unit(5).  Portable services and those of
 * `systemctl set-property` have folders of their own.
 */
#define UNIT_FOLDERS 13
extern const char *const unit_folders[UNIT_FOLDERS];

typedef void (*unit_text_take)(const char *section, const char *key, const char *value, void *data);

/*
 * Calls take for each assignment, with the section "[Service]" and the value without quotation
 * marks around it.  Changes the text.
 */
void unit_text_read(char *text, unit_text_take take, void *data);

#endif
