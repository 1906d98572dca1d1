# SPDX-License-Identifier: GPL-2.0-or-later
# Every make below the top one reads this file ($MAKEFILES).  Instead of compiling a unit, it writes down
# how scripts/Makefile.build would compile it.  `override` takes precedence over the definition in
# scripts/Kbuild.include.  Files that units include are still generated.  Kernels before v5.19 use the
# names with "_".

override define if_changed_rule
$(if $(filter cc_o_c as_o_S,$1),$(file >$(dot-target).suture,$(suture-answer)),$(rule_$1))
endef

define suture-answer
compile=$(CC) $(if $(filter as_o_S,$1),$(a_flags),$(c_flags))
source=$<
depfile=$(depfile)
enabled=$(objtool-enabled)$(objtool_obj)
delayed=$(delay-objtool)
objtool=$(if $(objtool),$(objtool) $(or $(objtool-args),$(objtool_args)),$(if \
	$(objtool_obj),$(objtool_obj) $(objtool_args)))
finish=$(cmd_record_mcount)
endef
