# SPDX-License-Identifier: LGPL-2.1-only
#
# Builds the fuzzers of text formats, and place, that of the engine, each as
# fuzz-FORMAT, by clang with libFuzzer, ASan and UBSan.  GNU make:
#
#     make -f text.mk SRC=DIR TOP=DIR
#
# SRC: tests/fuzz/text.  TOP: the tree, whose sources are compiled here.

CC = clang-14

SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
FLAGS := -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra $(SANITIZERS) \
	-fsanitize=fuzzer-no-link -I$(SRC) -I$(TOP) -I$(TOP)/tools \
	-I$(TOP)/libxc -I$(TOP)/xen-patches/common/xen/include \
	-I$(TOP)/xen-patches/common/xen/include/public \
	$(shell pkg-config --cflags json-c)
LIBS := $(shell pkg-config --libs json-c) -lm

WIRE := $(patsubst $(TOP)/%.c,%.o,$(wildcard $(TOP)/tools/wire/*.c))
SIM := $(patsubst $(TOP)/%.c,%.o,$(filter-out $(TOP)/tools/sim/report-%.c, \
	$(wildcard $(TOP)/tools/sim/*.c $(TOP)/tools/place/*.c)))
GUEST = tools/xenplace/cfg.o tools/xenplace/guest.o

# Each with what it is linked with.
FORMATS = cfg cpulist frame host-file model place record reply report request state \
	trace words
cfg = $(GUEST) wire.a
cpulist = xenguest/cpulist.o
frame = wire.a
host-file = sim.a
model = libxc/model-file.o
place = sim.a
record = fuzz/agree.o wire.a
reply = fuzz/agree.o wire.a
report = fuzz/agree.o wire.a
request = fuzz/agree.o wire.a
state = sim.a
trace = sim.a
words = wire.a

all: $(FORMATS:%=fuzz-%)

define program
fuzz-$(1): fuzz/$(1).o fuzz/fuzz.o $($(1))
	$$(CC) $$(SANITIZERS) -fsanitize=fuzzer -o $$@ $$^ $$(LIBS)
endef
$(foreach format,$(FORMATS),$(eval $(call program,$(format))))

wire.a: $(WIRE)
sim.a: $(SIM)
wire.a sim.a:
	rm -f $@
	ar rc $@ $^

# All is built anew when it is built otherwise than before.
arguments: FORCE
	@printf '%s\n' '$(FLAGS)' >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:

define compile
$(1)/%.o: $(2)/%.c arguments
	@mkdir -p $$(@D)
	$$(CC) $$(FLAGS) -MMD -MP -c $$< -o $$@
endef
$(eval $(call compile,fuzz,$(SRC)))
$(foreach dir,libxc tools xenguest,$(eval $(call compile,$(dir),$(TOP)/$(dir))))

-include $(wildcard fuzz/*.d libxc/*.d tools/*/*.d xenguest/*.d)
.PHONY: FORCE all
