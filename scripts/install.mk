# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the program and what belongs to it, and removes both again.  Included by the Makefile.

# "make -n" lists what the script would do, too.
only_list = $(if $(findstring n,$(filter-out -%,$(firstword $(MAKEFLAGS)))),-n)

install: $(BUILD)/suture
	install -D -m 755 $(BUILD)/suture $(DESTDIR)$(PREFIX)/bin/suture
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(wildcard man/*.1) $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 $(wildcard man/*.5) $(DESTDIR)$(PREFIX)/share/man/man5
	install -D -m 644 scripts/completion/suture.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/suture
	install -D -m 644 scripts/completion/suture.zsh \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_suture
	install -D -m 644 scripts/completion/suture.fish \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/suture.fish
	+@scripts/install-hooks $(only_list) $(PREFIX)/bin "$(DESTDIR)"
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's,@bindir@,$(PREFIX)/bin,' systemd/suture.service.in \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/suture.service
	sed 's,@bindir@,$(PREFIX)/bin,' systemd/suture-auto.service.in \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/suture-auto.service
	install -m 644 systemd/suture-shutdown.service systemd/suture-auto.timer $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system/sysinit.target.wants
	ln -sf ../suture-shutdown.service $(DESTDIR)$(PREFIX)/lib/systemd/system/sysinit.target.wants

# Removes what "make install" puts there; state in /var/lib/suture and caches stay.
uninstall:
	cd $(DESTDIR)$(PREFIX) && rm -f bin/suture $(addprefix share/man/man1/,$(notdir $(wildcard man/*.1))) \
		$(addprefix share/man/man5/,$(notdir $(wildcard man/*.5))) lib/systemd/system/suture.service \
		lib/systemd/system/suture-auto.service lib/systemd/system/suture-auto.timer \
		lib/systemd/system/suture-shutdown.service \
		lib/systemd/system/sysinit.target.wants/suture-shutdown.service \
		share/bash-completion/completions/suture share/zsh/site-functions/_suture \
		share/fish/vendor_completions.d/suture.fish
	+@scripts/install-hooks -u $(only_list) $(PREFIX)/bin "$(DESTDIR)"

# Makes build/deb/suture_*.deb by dpkg-buildpackage, or build/rpm/suture-*.rpm by rpmbuild.
deb:
	@scripts/install-deps build deb
	scripts/make-package deb
	lintian --fail-on error,warning build/deb/*.changes

rpm:
	@scripts/install-deps build rpm
	scripts/make-package rpm

.PHONY: deb rpm
