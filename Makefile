# SPDX-License-Identifier: GPL-2.0
#
# scmod: the kernel module (by kbuild, see Kbuild), the tool, and their tests.
# 'make help' lists the targets. Everything made lands in build/.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"$$/\1/p' dkms.conf)

# The kernel to build for: the running one, or KVER=release, or KDIR=tree.
ifdef KDIR
KVER ?= $(shell $(MAKE) -s -C $(KDIR) kernelrelease)
else
KVER ?= $(shell uname -r)
KDIR := /lib/modules/$(KVER)/build
endif

PREFIX ?= /usr/local
sbindir := $(DESTDIR)$(PREFIX)/sbin
mandir := $(DESTDIR)$(PREFIX)/share/man/man8
bashdir := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
zshdir := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
fishdir := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
datadir := $(DESTDIR)$(PREFIX)/share/scmod
unitdir := $(DESTDIR)$(PREFIX)/lib/systemd/system
confdir := $(DESTDIR)/etc/scmod/policies.d
# Where Podman and CRI-O look for hooks of packages, wherever the tool is.
hookdir := $(DESTDIR)/usr/share/containers/oci/hooks.d
moddir := $(DESTDIR)/lib/modules/$(KVER)/updates

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(2))

build := build
kbuild := $(build)/$(KVER)

all: modules ctl

# ---- the module

# Kbuild puts objects beside sources, so each kernel gets a tree of links.
modules: FORCE
	@test -e "$(KDIR)/Makefile" || { echo "scmod: no kernel headers at $(KDIR). Install linux-headers-$(KVER), or give KVER= or KDIR=" >&2; exit 1; }
	$(Q)mkdir -p $(kbuild)
	$(Q)cp -rsf $(CURDIR)/Kbuild $(CURDIR)/dkms.conf $(CURDIR)/module $(CURDIR)/include $(kbuild)/
	$(Q)$(MAKE) -C $(KDIR) M=$(CURDIR)/$(kbuild) V=$(or $(V),0) $(if $(W),W=$(W)) $(if $(C),C=$(C)) modules

# ---- the tool

CFLAGS ?= -O2 -g
ctl_libs := libnl-genl-3.0 libseccomp json-c libelf
# Debian 12's libzydis-dev has no file for pkg-config.
ctl_more := -lZydis
ctl_srcs := ctl/main.c $(wildcard ctl/*/*.c)
ctl_objs := $(ctl_srcs:ctl/%.c=$(build)/ctl/%.o)
ctl_cflags = -std=gnu11 -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Werror=implicit-function-declaration \
	-Wshadow -DSCMOD_VERSION=\"$(VERSION)\" -Iinclude/uapi -Ictl -I$(build)/ctl \
	$(shell pkg-config --cflags $(ctl_libs))

# What is made by the tool itself, from the tables of its verbs.
docs := $(addprefix $(build)/doc/,scmod.8 scmod.bash scmod.zsh scmod.fish)

units := $(addprefix $(build)/systemd/,scmod.service scmod-apply.service)

hooks := $(build)/oci/scmod.json

ctl: $(build)/scmod $(docs) $(units) $(hooks)

$(build)/scmod: $(ctl_objs)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $$(pkg-config --libs $(ctl_libs)) $(ctl_more)

$(build)/doc/%: ctl/doc/%.in $(build)/scmod
	$(Q)mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(build)/scmod --generate <$< >$@

# What names paths below PREFIX is made each time, since PREFIX may have changed.
$(build)/doc/scmod.8: ctl/doc/scmod.8.in $(build)/scmod FORCE
	$(Q)mkdir -p $(@D)
	$(Q)sed 's|@PREFIX@|$(PREFIX)|' $< | $(build)/scmod --generate >$@

$(units) $(hooks): $(build)/%: ctl/%.in FORCE
	$(Q)mkdir -p $(@D)
	$(Q)sed 's|@sbindir@|$(PREFIX)/sbin|' $< >$@

# A changed version or flag is a reason to compile again.
ctl_made := $(addprefix $(build)/ctl/,calls/sysname-kernel.h calls/value-names.h \
	infer/families-text.h infer/functions-text.h infer/runtimes-text.h \
	report/exploits-text.h report/report-text.h \
	floor/podman-text.h floor/docker-text.h)

$(build)/ctl/%.o: ctl/%.c $(ctl_made) Makefile dkms.conf
	$(Q)mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ctl_cflags) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(build)/ctl/calls/sysname-kernel.h: ctl/calls/gen-sysnames.sh ctl/calls/unistd-calls.sh \
		ctl/calls/syscalls.txt ctl/calls/foreign.txt
	@pkg-config --exists $(ctl_libs) && echo '#include <Zydis/Zydis.h>' | $(CC) -E - >/dev/null 2>&1 || \
		{ echo "scmod: the tool needs libnl-genl-3-dev libseccomp-dev libjson-c-dev libelf-dev libzydis-dev pkg-config" >&2; exit 1; }
	$(Q)mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)KDIR=$(KDIR) CC="$(CC)" sh $< >$@.tmp && mv $@.tmp $@

value_tables := $(addprefix ctl/calls/,values.txt options.txt ioctls.txt)
$(build)/ctl/calls/value-names.h: ctl/calls/gen-values.sh $(value_tables)
	$(Q)mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)sh $< $(value_tables) >$@.tmp && mv $@.tmp $@

# Data that people read and change, as text in the tool.
$(build)/ctl/%-text.h: ctl/%.txt ctl/base/gen-text.sh
	$(Q)mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)sh ctl/base/gen-text.sh $(*F)_text <$< >$@.tmp && mv $@.tmp $@

$(build)/ctl/%-text.h: ctl/%.css ctl/base/gen-text.sh
	$(Q)mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)sh ctl/base/gen-text.sh $(*F)_text <$< >$@.tmp && mv $@.tmp $@

.SECONDARY: $(ctl_made)

-include $(ctl_objs:.o=.d)

# ---- installing

install: install-ctl modules_install

install-ctl: ctl
	install -d $(sbindir) $(mandir) $(bashdir) $(zshdir) $(fishdir) $(datadir) $(unitdir) $(confdir) $(hookdir)
	install -m 755 $(build)/scmod $(sbindir)/scmod
	install -m 644 $(build)/doc/scmod.8 $(mandir)/scmod.8
	install -m 644 $(build)/doc/scmod.bash $(bashdir)/scmod
	install -m 644 $(build)/doc/scmod.zsh $(zshdir)/_scmod
	install -m 644 $(build)/doc/scmod.fish $(fishdir)/scmod.fish
	install -m 644 $(units) $(unitdir)/
	install -m 644 dist/policies.README $(confdir)/README
	install -m 644 $(hooks) $(hookdir)/
	install -m 644 ctl/infer/families.txt $(datadir)/families
	install -m 644 ctl/infer/functions.txt $(datadir)/functions
	install -m 644 ctl/infer/runtimes.txt $(datadir)/runtimes
	install -m 644 ctl/report/exploits.txt $(datadir)/exploits

modules_install: modules
	install -d $(moddir)
	install -m 644 $(kbuild)/scmod.ko $(moddir)/scmod.ko
	$(if $(DESTDIR),,depmod $(KVER))

# What a DKMS build needs, and nothing else.
dkms_src := $(DESTDIR)/usr/src/scmod-$(VERSION)
dkms-source:
	rm -rf $(dkms_src)
	install -d $(dkms_src)
	cp -r Kbuild Makefile dkms.conf COPYING module include $(dkms_src)/

dkms-install: install-ctl
	-dkms remove scmod/$(VERSION) --all >/dev/null 2>&1
	$(MAKE) dkms-source
	dkms add scmod/$(VERSION)
	dkms build scmod/$(VERSION) -k $(KVER)
	dkms install scmod/$(VERSION) -k $(KVER)

uninstall:
	if dkms status scmod/$(VERSION) 2>/dev/null | grep -q .; then dkms remove scmod/$(VERSION) --all; fi
	rm -rf $(dkms_src)
	rm -f $(sbindir)/scmod $(mandir)/scmod.8 $(bashdir)/scmod $(zshdir)/_scmod \
		$(fishdir)/scmod.fish $(addprefix $(unitdir)/,$(notdir $(units))) \
		$(addprefix $(hookdir)/,$(notdir $(hooks)))
	rm -rf $(datadir)
	rm -f $(confdir)/README
	-rmdir $(confdir) $(DESTDIR)/etc/scmod 2>/dev/null
	rm -f $(moddir)/scmod.ko
	$(if $(DESTDIR),,depmod $(KVER))

# ---- packages

# VERSION= builds packages of another version than the one in dkms.conf.
deb:
	@selftests/deps.sh build package >/dev/null
	@dist/deb.sh $(VERSION)

# ---- demo, tests, checks: each installs the packages that it needs

demo:
	@selftests/deps.sh build vm demo >/dev/null
	@selftests/demo/run

check:
	@DEPS_INSTALLED=$$(selftests/deps.sh build vm test) && export DEPS_INSTALLED && \
		selftests/check

# What README.md says, on machines that have nothing but git.
check-fresh:
	@bash .ci/run

check-matrix:
	@selftests/deps.sh build vm test >/dev/null
	@selftests/matrix

# All that a kernel can say about a module is a failure here; and the tests of
# whether it would say it.
check-debug:
	@DEPS_INSTALLED=$$(selftests/deps.sh build vm debug test) && export DEPS_INSTALLED && \
		selftests/check -k debug

# For so long each.
SECONDS ?= 60
fuzz:
	@selftests/deps.sh build fuzz >/dev/null
	@selftests/fuzz/run --seconds $(SECONDS)

check-static:
	@selftests/deps.sh build static >/dev/null
	@selftests/static.sh

style:
	@selftests/deps.sh style >/dev/null
	@selftests/style.sh

# ONLY= (arguments of the script): a part of it.
bench:
	@selftests/deps.sh build vm bench >/dev/null
	@selftests/bench/run $(ONLY)

eval:
	@selftests/deps.sh build vm eval >/dev/null
	@selftests/eval/run $(ONLY)

# MINUTES= (60) or HOURS=, KERNEL= (6.1)
soak:
	@selftests/deps.sh build vm soak >/dev/null
	@MINUTES='$(MINUTES)' HOURS='$(HOURS)' KERNEL='$(KERNEL)' selftests/soak/run

clean:
	rm -rf $(build)

help:
	@echo 'scmod $(VERSION)'
	@echo
	@echo '  all            the module and the tool (default)'
	@echo '  modules        scmod.ko, into $(kbuild)/'
	@echo '  ctl            the tool, into $(build)/scmod'
	@echo '  install        install both, the module below /lib/modules/$(KVER)/updates'
	@echo '  dkms-install   install the tool, and the module by DKMS, which builds it'
	@echo '                 again for each new kernel'
	@echo '  uninstall      undo either'
	@echo '  deb            Debian packages scmod and scmod-dkms, into $(build)/deb/'
	@echo '  demo           in a VM: learn nginx, dump its profile, run nginx under it, enforce it'
	@echo '  check          run all tests, on a real kernel in a VM'
	@echo '  check-matrix   run all tests on every supported kernel, and print one table;'
	@echo '                 takes hours; if interrupted, it continues where it stopped'
	@echo '  check-fresh    run demo and check, each in a minimal Debian tree made for it'
	@echo '  check-debug    run all tests on a kernel with KASAN, lockdep, kmemleak and more,'
	@echo '                 which is built once into the cache'
	@echo '  fuzz           fuzz the parsers of the tool, each for SECONDS=60; the module is'
	@echo '                 fuzzed by fuzz_test, which is a part of check'
	@echo '  check-static   sparse, cppcheck, W=1 and -Werror'
	@echo '  style          checkpatch --strict'
	@echo '  bench          measure in VMs, in instructions, what calls, whole programs and changes'
	@echo '                 of policies cost, on every kernel and with both engines; takes hours'
	@echo "                 (ONLY='-k 6.1 -e kprobe getppid' measures a part of it)"
	@echo '  eval           in VMs: learn real programs on a short script, run a longer one under'
	@echo '                 their profiles, and count what is wrongly denied'
	@echo '                 (ONLY=nginx evaluates one program)'
	@echo '  soak           in a VM: use all of scmod at the same time, for MINUTES= (60) or HOURS=,'
	@echo '                 on KERNEL= (6.1), and print a table of what was lost or passed'
	@echo '  clean          remove $(build)/'
	@echo
	@echo 'Variables: KVER=release or KDIR=tree: the kernel to build for (the running one);'
	@echo 'DESTDIR=, PREFIX= ($(PREFIX)); V=1: show commands; W=1, C=2: as in kbuild.'

FORCE:
.PHONY: all modules ctl install install-ctl modules_install dkms-source \
	dkms-install uninstall deb demo check check-matrix check-fresh check-debug fuzz check-static style \
	bench eval soak clean help FORCE
.DELETE_ON_ERROR:
