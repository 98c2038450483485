# SPDX-License-Identifier: LGPL-2.1-only
#
# Builds Xen's heap for user space: page_alloc.c and all that it calls of
# Xen's, with the flags that the hypervisor was built with, which the objects
# of that build tell.  GNU make; started by Makefile.am or by hand:
#
#     make -f xen.mk SRC=DIR OBJECTS=DIR [STOCK=DIR] [TREE=DIR] [SANITIZE=1]
#          [COVERAGE=1]
#
# OBJECTS, STOCK: where the patched and the stock hypervisor were built.
# COVERAGE=1: what runs leaves counts for gcov.
# TREE: sources of the patched one, if others than those that it was built of.

CC = gcc
SRC ?= .
TREE ?= $(realpath $(OBJECTS)/source)
STOCK_TREE = $(realpath $(STOCK)/source)

# Without -Werror: the warnings are the hypervisor's build's concern.
# $(call recorded,OBJECTS): what page_alloc.c was compiled with.
comma = ,
recorded = -I$(SRC) -iquote $(realpath $(1)/source) -Wa$(comma)-I$(1) \
	$(shell sed -n '1s/^cmd_[^:]*:= *[^ ]*gcc//p' \
	$(1)/common/.page_alloc.o.cmd | sed -e 's/ -c [^ ]*page_alloc\.c .*//' \
	-e 's/-MMD -MP -MF [^ ]*//' -e 's/ -Werror / /' \
	-e "s|'-D__OBJECT_LABEL__=[^ ]*'||" -e 's| -I\./| -I$(1)/|g' \
	-e 's|-include \([^ ]*/config\.h\)|& -include $(SRC)/prelude.h|')
# Flags of hardening cost nothing that is compared, and hide what a check says.
check_flags = $(filter-out -mpreferred-stack-boundary=% -mindirect-branch% \
	-mfunction-return=%,$(1)) -UNDEBUG -DCONFIG_DEBUG=1

PATCHED_FLAGS := $(subst $(realpath $(OBJECTS)/source),$(TREE),$(call recorded,$(OBJECTS)))
CHECK_FLAGS := $(call check_flags,$(PATCHED_FLAGS))
TSAN = -fsanitize=thread
THREAD_FLAGS := $(CHECK_FLAGS) $(TSAN) -DHARNESS_THREADS
ifdef STOCK
STOCK_FLAGS := $(call recorded,$(STOCK))
endif
ifdef SANITIZE
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
# Xen shifts and overflows where the language leaves it open, and aligns by
# its own rules.
CHECK_FLAGS += $(SANITIZERS) -fno-sanitize=alignment,shift
endif
ifdef COVERAGE
# Each branch as it is written: what is merged or inlined is counted as one.
CHECK_FLAGS += --coverage -Og -fno-inline -DHARNESS_COVERAGE
LINK += --coverage
HOST_COVERAGE = -DHARNESS_COVERAGE
endif
PLAIN_HOST_FLAGS = -std=gnu11 -O2 -g -Wall -Wextra -D_GNU_SOURCE -I$(SRC)
HOST_FLAGS = $(HOST_COVERAGE) $(PLAIN_HOST_FLAGS) $(SANITIZERS)

# Xen's files beside page_alloc.c, which heap.c includes.
xen_names = bitmap bitops x86-generic-hweightl $(filter-out \
	%-op,$(basename $(notdir $(wildcard $(1)/common/node-claim*.c))))
OWN = heap domain state platform told system
ONE_CPU = lock loop
MANY_CPUS = lock-threads page call

# All is built anew when it is built otherwise than before.
.DEFAULT_GOAL = all
ARGUMENTS = $(TREE) $(STOCK_TREE) $(PATCHED_FLAGS) $(STOCK_FLAGS) \
	$(CHECK_FLAGS) $(HOST_FLAGS)
arguments: FORCE
	@printf '%s\n' $(foreach word,$(ARGUMENTS),'$(subst ','\'',$(word))') \
		>$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:

# $(call heap,DIRECTORY,TREE,FLAGS,FILES): all of it as objects of one
# directory; with files of this folder and of Xen's that others do not have.
define heap
$(1)_objects := $(addprefix $(1)/,$(addsuffix .o,$(OWN) $(4) \
	$(call xen_names,$(2))))
$(1)/%.o: $(SRC)/%.c arguments
	@mkdir -p $(1)
	$$(CC) $(3) -MMD -MP -c $$< -o $$@
$(1)/%.o: $(2)/arch/x86/%.c arguments
	@mkdir -p $(1)
	$$(CC) $(3) -MMD -MP -c $$< -o $$@
$(1)/%.o: $(2)/common/%.c arguments
	@mkdir -p $(1)
	$$(CC) $(3) -MMD -MP -c $$< -o $$@
$(1)/%.o: $(2)/lib/%.c arguments
	@mkdir -p $(1)
	$$(CC) $(3) -MMD -MP -c $$< -o $$@
endef
SMALL = -DNODE_CLAIM_ORDER_1=2U -DNODE_CLAIM_ORDER_2=5U

all: harness-full harness-small harness-threads $(if $(STOCK),bench-patched bench-stock)

$(eval $(call heap,full,$(TREE),$(CHECK_FLAGS),$(ONE_CPU)))
$(eval $(call heap,small,$(TREE),$(CHECK_FLAGS) $(SMALL),$(ONE_CPU)))
$(eval $(call heap,threads,$(TREE),$(THREAD_FLAGS) $(SMALL),$(MANY_CPUS) node-claim-op node-heap))
$(eval $(call heap,patched,$(TREE),$(PATCHED_FLAGS) -DHARNESS_BENCH,$(ONE_CPU)))
ifdef STOCK
$(eval $(call heap,stock,$(STOCK_TREE),$(STOCK_FLAGS) -DHARNESS_BENCH,$(ONE_CPU)))
endif

HOST = host
# Functions of Xen's files that nobody calls may call what is not here.
LINK += -Wl,--gc-sections
DRIVER = main drive world op-memory op-domain op-page \
	expect differ layout report $(HOST)
BENCH = bench $(HOST)
THREADS = main threads threads-op threads-build threads-check layout mutex \
	$(HOST)

host/%.o: $(SRC)/%.c arguments
	@mkdir -p host
	$(CC) $(HOST_FLAGS) -MMD -MP -c $< -o $@

host-threads/%.o: $(SRC)/%.c arguments
	@mkdir -p host-threads
	$(CC) $(PLAIN_HOST_FLAGS) $(TSAN) -pthread -MMD -MP -c $< -o $@

harness-threads: $(threads_objects) $(THREADS:%=host-threads/%.o)
	$(CC) $(TSAN) -pthread -Wl,--gc-sections -o $@ $^
harness-full: $(full_objects) $(DRIVER:%=host/%.o)
	$(CC) $(SANITIZERS) $(LINK) -o $@ $^
harness-small: $(small_objects) $(DRIVER:%=host/%.o)
	$(CC) $(SANITIZERS) $(LINK) -o $@ $^
bench-patched: $(patched_objects) $(BENCH:%=host/%.o)
	$(CC) $(LINK) -o $@ $^
bench-stock: $(stock_objects) $(BENCH:%=host/%.o)
	$(CC) $(LINK) -o $@ $^

-include $(wildcard */*.d)
.PHONY: all FORCE
